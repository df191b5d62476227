"""The parameters of before expressions, translated to the same syntax trees.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from habitr_emulator.services.dynamodb.errors import ValidationException, invalid
from habitr_emulator.services.dynamodb.expressions import condition, update
from habitr_emulator.services.dynamodb.expressions.comparison import less_than
from habitr_emulator.services.dynamodb.expressions.key_condition import MOST_CONDITIONS, KeyClause
from habitr_emulator.services.dynamodb.expressions.nodes import (
    Between,
    Both,
    Call,
    Compare,
    Either,
    In,
    Node,
    Not,
    Path,
    Update,
    Value,
)
from habitr_emulator.services.dynamodb.expressions.projection import Tree
from habitr_emulator.wire.typed_value import Native, decode, kind_of

_COMPARATORS = {"EQ": "=", "NE": "<>", "LT": "<", "LE": "<=", "GT": ">", "GE": ">="}
_OPERANDS = {"BETWEEN": 2, "NULL": 0, "NOT_NULL": 0}
_KEY_OPERATORS = {"BETWEEN": "BETWEEN", "BEGINS_WITH": "begins_with"} | {
    name: sign for name, sign in _COMPARATORS.items() if name != "NE"
}

_SCALARS = frozenset({"S", "N", "B"})
_KINDS = {
    **dict.fromkeys(("LT", "LE", "GT", "GE", "BETWEEN", "IN"), _SCALARS),
    "BEGINS_WITH": frozenset({"S", "B"}),
    **dict.fromkeys(("CONTAINS", "NOT_CONTAINS"), _SCALARS | {"BOOL", "NULL"}),
}

Values = dict[str, Native]


def attributes_to_get(names: Iterable[str]) -> Tree:
    """The projection of AttributesToGet. Raises ValidationException."""
    wanted: Tree = {}
    for name in names:
        if name in wanted:
            raise invalid(f"Duplicate value in attribute name: {name}")
        wanted[name] = None
    return wanted


def filter_test(conditions: Mapping[str, Any], operator: str | None) -> tuple[condition.Test, Values]:
    """The test of QueryFilter or ScanFilter, and the values it needs. Raises ValidationException."""
    values: Values = {}
    parts = [_condition(name, each, values) for name, each in conditions.items()]
    _check_operator(operator, len(parts))
    return condition.test(_joined(parts, operator)), values


def expected_test(expected: Mapping[str, Any], operator: str | None) -> tuple[condition.Test, Values]:
    """The test of Expected, and the values it needs. Raises ValidationException."""
    values: Values = {}
    parts = [_expectation(name, each, values) for name, each in expected.items()]
    _check_operator(operator, len(parts))
    return condition.test(_joined(parts, operator)), values


def _check_operator(operator: str | None, count: int) -> None:
    if operator is not None and count < 2:
        raise ValidationException(
            "ConditionalOperator can only be used when Filter or Expected has two or more elements"
        )


def refuse_operator(request: Mapping[str, Any]) -> None:
    """Refuse a ConditionalOperator with nothing to join. Raises ValidationException."""
    if "ConditionalOperator" in request:
        raise ValidationException("ConditionalOperator cannot be used without Filter or Expected")


def _joined(parts: list[Node], operator: str | None) -> Node:
    return Either(tuple(parts)) if operator == "OR" else Both(tuple(parts))


def _expectation(name: str, expected: Mapping[str, Any], values: Values) -> Node:
    if "Value" in expected and "AttributeValueList" in expected:
        raise invalid(f"Value and AttributeValueList cannot be used together for Attribute: {name}")
    if "ComparisonOperator" in expected:
        if "Exists" in expected:
            raise invalid(f"Exists and ComparisonOperator cannot be used together for Attribute: {name}")
        return _condition(name, expected, values)
    if "AttributeValueList" in expected:
        raise invalid(f"AttributeValueList can only be used with a ComparisonOperator for Attribute: {name}")
    if expected.get("Exists") is False:
        if "Value" in expected:
            raise invalid(f"Value cannot be used when Exists is false for Attribute: {name}")
        return Call("attribute_not_exists", (Path((name,)),))
    if "Value" not in expected:
        raise invalid(f"Value must be provided when Exists is true for Attribute: {name}")
    return Compare("=", Path((name,)), _bound(expected["Value"], values))


def _bound(value: Mapping[str, Any], values: Values) -> Value:
    name = f":{len(values)}"
    values[name] = decode(value)
    return Value(name)


def _condition(name: str, given: Mapping[str, Any], values: Values) -> Node:
    operator = given["ComparisonOperator"]
    operands = [_bound(value, values) for value in _operand_list(operator, given)]
    _check_kinds(operator, [values[operand.name] for operand in operands])
    path = Path((name,))
    if operator in _COMPARATORS:
        return Compare(_COMPARATORS[operator], path, operands[0])
    match operator:
        case "NULL":
            return Call("attribute_not_exists", (path,))
        case "NOT_NULL":
            return Call("attribute_exists", (path,))
        case "CONTAINS":
            return Call("contains", (path, operands[0]))
        case "NOT_CONTAINS":
            return Both((Call("attribute_exists", (path,)), Not(Call("contains", (path, operands[0])))))
        case "BEGINS_WITH":
            return Call("begins_with", (path, operands[0]))
        case "IN":
            return In(path, tuple(operands))
    return Between(path, operands[0], operands[1])


def _operand_list(operator: str, given: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    operands: list[Mapping[str, Any]] = given.get("AttributeValueList") or []
    if "Value" in given:
        operands = [given["Value"]]
    wanted = _OPERANDS.get(operator, 1)
    if len(operands) != wanted and not (operator == "IN" and operands):
        raise invalid(f"Invalid number of argument(s) for the {operator} ComparisonOperator")
    return operands


def _check_kinds(operator: str, operands: Sequence[Native]) -> None:
    """Refuse operands of a type that the operator does not take. Raises ValidationException."""
    kinds = [kind_of(operand) for operand in operands]
    for kind in kinds:
        if operator in _KINDS and kind not in _KINDS[operator]:
            raise invalid(f"ComparisonOperator {operator} is not valid for {kind} AttributeValue type")
    if len(set(kinds)) > 1:
        raise invalid("AttributeValues inside AttributeValueList must be of same type")
    if operator == "BETWEEN" and less_than(operands[1], operands[0]):
        raise ValidationException(
            "The BETWEEN condition was provided a range where the lower bound is greater than the upper bound"
        )


def key_clauses(conditions: Mapping[str, Any]) -> list[KeyClause]:
    """The clauses of KeyConditions. Raises ValidationException."""
    if not 1 <= len(conditions) <= MOST_CONDITIONS:
        raise ValidationException("Conditions can be of length 1 or 2 only")
    found = []
    for name, given in conditions.items():
        operator = given["ComparisonOperator"]
        if operator not in _KEY_OPERATORS:
            raise ValidationException("Attempted conditional constraint is not an indexable operation")
        values = tuple(decode(value) for value in _operand_list(operator, given))
        _check_kinds(operator, values)
        found.append(KeyClause(name, _KEY_OPERATORS[operator], values))
    return found


def attribute_updates(updates: Mapping[str, Any]) -> tuple[update.Apply, Values, tuple[Path, ...]]:
    """The update of AttributeUpdates, its values and paths. Raises ValidationException."""
    values: Values = {}
    made = Update()
    for name, given in updates.items():
        path, action = Path((name,)), given.get("Action", "PUT")
        if "Value" not in given:
            if action != "DELETE":
                raise invalid(f"Only DELETE action is allowed when no attribute value is specified: {name}")
            made.removes.append(path)
            continue
        value = _bound(given["Value"], values)
        kind = kind_of(values[value.name])
        if action == "PUT":
            made.sets.append((path, value))
        elif action == "DELETE":
            _check_action(kind, ("SS", "NS", "BS"), "DELETE")
            made.deletes.append((path, value))
        elif kind == "L":
            made.sets.append((path, Call("list_append", (Call("if_not_exists", (path, Value(":empty"))), value))))
            values[":empty"] = []
        else:
            _check_action(kind, ("N", "SS", "NS", "BS"), "ADD")
            made.adds.append((path, value))
    return update.compiled(made), values, tuple(made.paths)


def _check_action(kind: str, allowed: tuple[str, ...], action: str) -> None:
    if kind not in allowed:
        raise invalid(f"{action} action is not supported for the type {kind}")
