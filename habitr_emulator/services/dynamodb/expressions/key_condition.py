"""Key conditions: one equality for the partition key, at most one comparison for the sort key.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from habitr_emulator.services.dynamodb.errors import ValidationException
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
    Value,
)
from habitr_emulator.wire.typed_value import Native

#: A partition key and a sort key.
MOST_CONDITIONS = 2
NOT_SUPPORTED = "Query key condition not supported"
_FLIPPED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison, as in ``KeyClause``; ``values`` are names of values."""

    path: tuple[str | int, ...]
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyClause:
    """The same with the values themselves; ``path`` is longer than one if it is no attribute of its own."""

    attribute: str
    operator: str
    values: tuple[Native, ...]
    path: tuple[str | int, ...] = ()


def clauses(node: Node) -> list[Clause]:
    """Each comparison. Raises ValidationException."""
    found = [_clause(part) for part in _flat(node)]
    if len({clause.path for clause in found}) < len(found):
        raise ValidationException("KeyConditionExpressions must only contain one condition per key")
    if len(found) > MOST_CONDITIONS:
        raise ValidationException("Conditions can be of length 1 or 2 only")
    return found


def _flat(node: Node) -> list[Node]:
    return [leaf for part in node.parts for leaf in _flat(part)] if isinstance(node, Both) else [node]


def _clause(node: Node) -> Clause:
    operator, operands = _taken_apart(node)
    if any(isinstance(operand, Call) for operand in operands):
        raise ValidationException("KeyConditionExpressions cannot contain nested operations")
    paths = [operand for operand in operands if isinstance(operand, Path)]
    if len(paths) > 1:
        raise _invalid("Multiple attribute names used in one condition")
    if not paths:
        raise _invalid("No key attribute specified")
    values = tuple(operand.name for operand in operands if isinstance(operand, Value))
    if operands[0] is not paths[0]:
        if operator not in _FLIPPED:
            raise _invalid(f"{operator} operator must have the key attribute as its first operand")
        operator = _FLIPPED[operator]
    return Clause(paths[0].elements, operator, values)


def _taken_apart(node: Node) -> tuple[str, tuple[Node, ...]]:
    """The operator of a comparison and its operands. Raises ValidationException for what no key can be asked."""
    match node:
        case Compare(operator, left, right) if operator != "<>":
            return operator, (left, right)
        case Between(operand, low, high):
            return "BETWEEN", (operand, low, high)
        case Call("begins_with", arguments):
            return "begins_with", arguments
        case Either():
            raise _bad_operator("OR")
        case Not():
            raise _bad_operator("NOT")
        case In():
            raise _bad_operator("IN")
        case Call(name):
            raise _bad_operator(name)
    raise _bad_operator("<>")


def _invalid(problem: str) -> ValidationException:
    return ValidationException(f"Invalid condition in KeyConditionExpression: {problem}")


def _bad_operator(operator: str) -> ValidationException:
    return ValidationException(f"Invalid operator used in KeyConditionExpression: {operator}")


def bind(found: list[Clause], values: Mapping[str, Any]) -> list[KeyClause]:
    """The clauses with their values."""
    return [
        KeyClause(str(clause.path[0]), clause.operator, tuple(values[name] for name in clause.values), clause.path)
        for clause in found
    ]
