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

NOT_SUPPORTED = "Query key condition not supported"
_FLIPPED = {"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


@dataclass(frozen=True, slots=True)
class KeyClause:
    """One comparison of a key attribute: ``=``, ``<``, ``<=``, ``>``, ``>=``, ``BETWEEN`` or ``begins_with``."""

    attribute: str
    operator: str
    values: tuple[Native, ...]


def clauses(node: Node) -> list[tuple[str, str, tuple[str, ...]]]:
    """Attribute, operator and value names of each comparison. Raises ValidationException."""
    found = [_clause(part) for part in _flat(node)]
    if len({attribute for attribute, _, _ in found}) < len(found):
        raise ValidationException("KeyConditionExpressions must only contain one condition per key")
    return found


def _flat(node: Node) -> list[Node]:
    return [leaf for part in node.parts for leaf in _flat(part)] if isinstance(node, Both) else [node]


def _clause(node: Node) -> tuple[str, str, tuple[str, ...]]:
    match node:
        case Compare("<>"):
            raise _bad_operator("<>")
        case Compare(operator, Path((str() as name,)), Value(value)):
            return name, operator, (value,)
        case Compare(operator, Value(value), Path((str() as name,))):
            return name, _FLIPPED[operator], (value,)
        case Between(Path((str() as name,)), Value(low), Value(high)):
            return name, "BETWEEN", (low, high)
        case Call("begins_with", (Path((str() as name,)), Value(value))):
            return name, "begins_with", (value,)
        case Either():
            raise _bad_operator("OR")
        case Not():
            raise _bad_operator("NOT")
        case In():
            raise _bad_operator("IN")
        case Call(name) | Compare(_, Call(name), _) | Compare(_, _, Call(name)) if name != "begins_with":
            raise _bad_operator(name)
    raise ValidationException(NOT_SUPPORTED)


def _bad_operator(operator: str) -> ValidationException:
    return ValidationException(f"Invalid operator used in KeyConditionExpression: {operator}")


def bind(found: list[tuple[str, str, tuple[str, ...]]], values: Mapping[str, Any]) -> list[KeyClause]:
    """The clauses with their values."""
    return [KeyClause(name, operator, tuple(values[value] for value in used)) for name, operator, used in found]
