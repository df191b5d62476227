"""Filter objects of AppSync's schemas as DynamoDB expressions and as filters of subscriptions.

A filter maps fields to operators (``{"ups": {"gt": 1}}``); fields and the operators of a field are ANDed;
``and`` and ``or`` hold lists of filters (one filter counts as a list of one), ``not`` holds one.
https://docs.aws.amazon.com/appsync/latest/devguide/transformation-helpers-in-utils-transform.html
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import Any

Filter = Mapping[str, Any]

MAX_DEPTH = 30
MAX_GROUPS = 1000
_COMPARISONS = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_ATTRIBUTE_TYPES = {
    "binary": "B",
    "binarySet": "BS",
    "bool": "BOOL",
    "list": "L",
    "map": "M",
    "number": "N",
    "numberSet": "NS",
    "string": "S",
    "stringSet": "SS",
    "_null": "NULL",
}
_SUBSCRIPTION_OPERATORS = frozenset(
    [
        "eq",
        "ne",
        "le",
        "lt",
        "ge",
        "gt",
        "contains",
        "notContains",
        "beginsWith",
        "in",
        "notIn",
        "between",
        "containsAny",
    ]
)
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def attribute_value(value: Any) -> dict[str, Any]:
    """A JSON value as a DynamoDB attribute value by its own type; numbers stay JSON numbers (``{"N": 5}``)."""
    if value is None:
        return {"NULL": None}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, int | float):
        return {"N": value}
    if isinstance(value, Mapping):
        return {"M": {str(name): attribute_value(item) for name, item in value.items()}}
    if isinstance(value, list | tuple | set | frozenset):
        return {"L": [attribute_value(item) for item in value]}
    return {"S": str(value)}


def dynamodb_expression(filter: Filter) -> dict[str, Any]:
    """The filter as ``{"expression", "expressionNames", "expressionValues"}``; an empty one has the
    expression ``""``. Raises ValueError for an unknown operator or a filter nested too deeply.
    """
    builder = _Builder()
    expression = builder.all_of(filter, 0)
    return {"expression": expression, "expressionNames": builder.names, "expressionValues": builder.values}


class _Builder:
    """Collects the placeholders while the expression is written."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.values: dict[str, Any] = {}
        self._operators: dict[str, Callable[[str, str, Any], str]] = {
            **dict.fromkeys(_COMPARISONS, self._compare),
            "contains": self._function,
            "beginsWith": self._function,
            "notContains": self._function,
            "between": self._between,
            "in": self._in,
            "attributeExists": self._exists,
            "attributeType": self._type,
            "size": self._size,
        }

    def all_of(self, filter: Filter, depth: int) -> str:
        """The filter's conditions, ANDed."""
        if depth > MAX_DEPTH:
            raise ValueError(f"a filter nested deeper than {MAX_DEPTH} levels")
        conditions: list[str] = []
        for name, rule in filter.items():
            if name in ("and", "or"):
                conditions += self._some(name, rule, depth)
            elif name == "not":
                inner = self.all_of(rule or {}, depth + 1)
                conditions += [f"NOT ({inner})"] if inner else []
            else:
                conditions += [
                    self._condition(name, operator, operand) for operator, operand in (rule or {}).items()
                ]
        return _joined("AND", conditions)

    def _some(self, name: str, rules: Any, depth: int) -> list[str]:
        each = [rules] if isinstance(rules, Mapping) else rules or []
        inner = [text for text in (self.all_of(rule or {}, depth + 1) for rule in each) if text]
        return [_joined(name.upper(), inner)] if inner else []

    def _condition(self, field: str, operator: str, operand: Any) -> str:
        write = self._operators.get(operator)
        if write is None:
            raise ValueError(f"unknown operator in a filter: {operator}")
        return write(field, operator, operand)

    def _name(self, field: str) -> str:
        placeholder = f"#{field}" if _PLAIN_NAME.match(field) else f"#field{len(self.names)}"
        placeholder = next((known for known, name in self.names.items() if name == field), placeholder)
        self.names[placeholder] = field
        return placeholder

    def _value(self, field: str, suffix: str, value: Any) -> str:
        stem = f":{field if _PLAIN_NAME.match(field) else 'field'}_{suffix}"
        placeholder, count = stem, 0
        while placeholder in self.values:
            count += 1
            placeholder = f"{stem}_{len(self.values) + count}"
        self.values[placeholder] = attribute_value(value)
        return placeholder

    def _compare(self, field: str, operator: str, operand: Any) -> str:
        return f"{self._name(field)} {_COMPARISONS[operator]} {self._value(field, operator, operand)}"

    def _function(self, field: str, operator: str, operand: Any) -> str:
        function = "begins_with" if operator == "beginsWith" else "contains"
        text = f"{function}({self._name(field)}, {self._value(field, operator, operand)})"
        return f"NOT {text}" if operator == "notContains" else text

    def _between(self, field: str, operator: str, operand: Any) -> str:
        low, high = _pair(operand)
        name = self._name(field)
        return f"{name} BETWEEN {self._value(field, 'between_1', low)} AND {self._value(field, 'between_2', high)}"

    def _in(self, field: str, operator: str, operand: Any) -> str:
        values = ", ".join([self._value(field, f"in_{at}", value) for at, value in enumerate(operand)])
        return f"{self._name(field)} IN ({values})"

    def _exists(self, field: str, operator: str, operand: Any) -> str:
        return f"attribute_{'exists' if operand else 'not_exists'}({self._name(field)})"

    def _type(self, field: str, operator: str, operand: Any) -> str:
        kind = _ATTRIBUTE_TYPES.get(operand, operand)
        return f"attribute_type({self._name(field)}, {self._value(field, operator, kind)})"

    def _size(self, field: str, operator: str, operand: Any) -> str:
        return _joined("AND", [self._size_rule(field, rule, value) for rule, value in (operand or {}).items()])

    def _size_rule(self, field: str, rule: str, value: Any) -> str:
        size = f"size({self._name(field)})"
        if rule == "between":
            low, high = _pair(value)
            first, last = self._value(field, "size_between_1", low), self._value(field, "size_between_2", high)
            return f"{size} BETWEEN {first} AND {last}"
        if rule not in _COMPARISONS:
            raise ValueError(f"unknown operator in a filter: size.{rule}")
        return f"{size} {_COMPARISONS[rule]} {self._value(field, f'size_{rule}', value)}"


def _joined(word: str, conditions: Sequence[str]) -> str:
    """One condition stands alone, several in parentheses."""
    if len(conditions) == 1:
        return conditions[0]
    return f" {word} ".join(f"({condition})" for condition in conditions if condition)


def _pair(value: Any) -> tuple[Any, Any]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise ValueError("between needs exactly two values")
    return value[0], value[1]


Condition = dict[str, Any]


def subscription_filter(
    filter: Filter, ignored: Sequence[str] = (), rules: Filter | None = None
) -> dict[str, Any]:
    """The filter as AppSync's enhanced filter ``{"filterGroup": [{"filters": [...]}]}``: groups are ORed, the
    filters of a group ANDed, each ``{"fieldName", "operator", "value"}``.

    Fields in ``ignored`` are left out of ``filter``; ``rules`` is a further filter that must hold as well.
    Raises ValueError for an unknown operator, ``not``, or too many combinations.
    """
    groups = [[]] if not filter else _alternatives(_without(filter, frozenset(ignored)), 0)
    if rules:
        groups = _crossed([groups, _alternatives(rules, 0)])
    return {"filterGroup": [{"filters": group} for group in groups if group]}


def _without(filter: Filter, ignored: frozenset[str]) -> dict[str, Any]:
    """The filter without the ignored fields, inside ``and`` and ``or`` too."""
    kept: dict[str, Any] = {}
    for name, rule in filter.items():
        if name in ("and", "or"):
            rules = [rule] if isinstance(rule, Mapping) else rule or []
            inner = [found for found in (_without(each, ignored) for each in rules) if found]
            if inner:
                kept[name] = inner
        elif name not in ignored:
            kept[name] = rule
    return kept


def _alternatives(filter: Filter, depth: int) -> list[list[Condition]]:
    """The filter in disjunctive normal form."""
    if depth > MAX_DEPTH:
        raise ValueError(f"a filter nested deeper than {MAX_DEPTH} levels")
    factors: list[list[list[Condition]]] = []
    for name, rule in filter.items():
        if name in ("and", "or"):
            rules = [rule] if isinstance(rule, Mapping) else rule or []
            inner = [_alternatives(each, depth + 1) for each in rules]
            if inner:
                factors.append(
                    _crossed(inner) if name == "and" else [group for groups in inner for group in groups]
                )
        else:
            factors.append([_conditions(name, rule or {})])
    return _crossed(factors)


def _crossed(factors: Iterable[list[list[Condition]]]) -> list[list[Condition]]:
    known = list(factors)
    size = 1
    for factor in known:
        size *= len(factor)
    if size > MAX_GROUPS:
        raise ValueError(f"a subscription filter of more than {MAX_GROUPS} combinations")
    return [[condition for group in groups for condition in group] for groups in product(*known)]


def _conditions(field: str, rule: Any) -> list[Condition]:
    if field == "not" or not isinstance(rule, Mapping):
        raise ValueError(f"a subscription filter cannot have: {field}")
    unknown = [operator for operator in rule if operator not in _SUBSCRIPTION_OPERATORS]
    if unknown:
        raise ValueError(f"unknown operator in a subscription filter: {unknown[0]}")
    return [{"fieldName": field, "operator": operator, "value": value} for operator, value in rule.items()]
