"""The parameters of before expressions, translated to the same syntax trees.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html
"""

from collections.abc import Iterable, Mapping
from typing import Any

from habitr_emulator.services.dynamodb.errors import ValidationException, invalid
from habitr_emulator.services.dynamodb.expressions import condition, update
from habitr_emulator.services.dynamodb.expressions.key_condition import KeyClause
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
    return condition.test(_joined(parts, operator)), values


def expected_test(expected: Mapping[str, Any], operator: str | None) -> tuple[condition.Test, Values]:
    """The test of Expected, and the values it needs. Raises ValidationException."""
    values: Values = {}
    parts = [_expectation(name, each, values) for name, each in expected.items()]
    return condition.test(_joined(parts, operator)), values


def _joined(parts: list[Node], operator: str | None) -> Node:
    return Either(tuple(parts)) if operator == "OR" else Both(tuple(parts))


def _expectation(name: str, expected: Mapping[str, Any], values: Values) -> Node:
    if "ComparisonOperator" in expected:
        if "Exists" in expected:
            raise invalid(f"Exists and ComparisonOperator cannot be used together for Attribute: {name}")
        return _condition(name, expected, values)
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


def key_clauses(conditions: Mapping[str, Any]) -> list[KeyClause]:
    """The clauses of KeyConditions. Raises ValidationException."""
    found = []
    for name, given in conditions.items():
        operator = given["ComparisonOperator"]
        if operator not in _KEY_OPERATORS:
            raise ValidationException("Attempted conditional constraint is not an indexable operation")
        values = tuple(decode(value) for value in _operand_list(operator, given))
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
