"""What the types of an expression's ``:values`` say against it, before any item is looked at."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from habitr_emulator.services.dynamodb.expressions.comparison import less_than
from habitr_emulator.services.dynamodb.expressions.functions import OF_FUNCTION
from habitr_emulator.services.dynamodb.expressions.nodes import (
    BadExpression,
    Between,
    Both,
    Call,
    Compare,
    Either,
    In,
    Node,
    Not,
    Sum,
    Update,
    Value,
)
from habitr_emulator.wire.typed_value import encode, kind_of

Values = Mapping[str, Any]
Check = Callable[[Values], None]

_ORDERED = frozenset({"S", "N", "B"})
_LONG_NAMES = {
    "S": "STRING",
    "N": "NUMBER",
    "B": "BINARY",
    "SS": "STRING_SET",
    "NS": "NUMBER_SET",
    "BS": "BINARY_SET",
    "L": "LIST",
    "M": "MAP",
    "BOOL": "BOOLEAN",
    "NULL": "NULL",
}
_TYPE_NAMES = "{B,NULL,SS,BOOL,L,BS,N,NS,S,M}"


def checks(node: Node | Update) -> list[Check]:
    """The checks of a tree, in the order of the text; each raises BadExpression."""
    return list(_update_checks(node) if isinstance(node, Update) else _checks(node))


def _checks(node: Node) -> Iterator[Check]:
    match node:
        case Both(parts) | Either(parts):
            for part in parts:
                yield from _checks(part)
        case Not(condition):
            yield from _checks(condition)
        case Compare(operator, left, right):
            for side in (left, right):
                yield from _checks(side)
                if operator not in ("=", "<>"):
                    yield from _kind(operator, side, _ORDERED)
        case Between(_, low, high):
            for side in (low, high):
                yield from _kind("BETWEEN", side, _ORDERED)
            if isinstance(low, Value) and isinstance(high, Value):
                yield _bounds(low.name, high.name)
        case In(operand, options):
            for option in (operand, *options):
                yield from _checks(option)
        case Call():
            yield from _call_checks(node)
        case Sum(operator, left, right):
            for side in (left, right):
                yield from _checks(side)
                yield from _kind(operator, side, frozenset({"N"}))


def _call_checks(call: Call) -> Iterator[Check]:
    for argument in call.arguments:
        yield from _checks(argument)
    if call.name == "begins_with":
        for argument in call.arguments:
            yield from _kind("begins_with", argument, frozenset({"S", "B"}))
    elif call.name == "list_append":
        for argument in call.arguments:
            yield from _kind("list_append", argument, frozenset({"L"}))
    elif call.name == "attribute_type":
        yield from _kind("attribute_type", call.arguments[1], frozenset({"S"}))
        if isinstance(call.arguments[1], Value):
            yield _type_name(call.arguments[1].name)


def _update_checks(update: Update) -> Iterator[Check]:
    for _, node in update.sets:
        yield from _checks(node)
    for _, value in update.adds:
        yield _operand_of("ADD", value.name, frozenset({"N", "SS", "NS", "BS"}))
    for _, value in update.deletes:
        yield _operand_of("DELETE", value.name, frozenset({"SS", "NS", "BS"}))


def _kind(operator: str, node: Node, allowed: frozenset[str]) -> Iterator[Check]:
    """The check that ``node``, if its type can be told without an item, has one of the ``allowed`` types."""
    known = {"list_append": "L", "size": "N"}.get(node.name) if isinstance(node, Call) else None

    def check(values: Values) -> None:
        kind = kind_of(values[node.name]) if isinstance(node, Value) else known
        if kind is not None and kind not in allowed:
            raise BadExpression(
                f"Incorrect operand type for operator or function; {OF_FUNCTION}{operator}, operand type: {kind}"
            )

    if isinstance(node, Value) or known is not None:
        yield check


def _operand_of(section: str, name: str, allowed: frozenset[str]) -> Check:
    def check(values: Values) -> None:
        kind = kind_of(values[name])
        if kind not in allowed:
            raise BadExpression(
                f"Incorrect operand type for operator or function; operator: {section}, "
                f"operand type: {_LONG_NAMES[kind]}, typeSet: ALLOWED_FOR_{section}_OPERAND"
            )

    return check


def _bounds(low: str, high: str) -> Check:
    def check(values: Values) -> None:
        lower, upper = values[low], values[high]
        if kind_of(lower) != kind_of(upper):
            problem = "same data type for lower and upper bounds"
        elif less_than(upper, lower):
            problem = "upper bound to be greater than or equal to lower bound"
        else:
            return
        raise BadExpression(
            f"The BETWEEN operator requires {problem}; lower bound operand: {_shown(lower)}, "
            f"upper bound operand: {_shown(upper)}"
        )

    return check


def _type_name(name: str) -> Check:
    def check(values: Values) -> None:
        if values[name] not in _LONG_NAMES:
            raise BadExpression(
                f"Invalid attribute type name found; type: {values[name]}, valid types: {_TYPE_NAMES}"
            )

    return check


def _shown(value: Any) -> str:
    ((kind, content),) = encode(value).items()
    return f"AttributeValue: {{{kind}:{content}}}"
