"""What is wrong with an expression of right words, before any item is looked at: undefined names and values,
operands of wrong number, kind or type. Each node is checked after its operands, in the order of the text.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from habitr_emulator.services.dynamodb.expressions.comparison import less_than
from habitr_emulator.services.dynamodb.expressions.functions import (
    CONDITION_FUNCTIONS,
    OF_FUNCTION,
    UPDATE_FUNCTIONS,
)
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
    Path,
    Sum,
    Undefined,
    Update,
    Value,
)
from habitr_emulator.wire.typed_value import encode, kind_of

Values = Mapping[str, Any]
Check = Callable[[Values], None]

DEEPEST_PATH = 32
MOST_OPTIONS = 100
_FUNCTIONS = {**CONDITION_FUNCTIONS, **UPDATE_FUNCTIONS}
_ORDERED = frozenset({"S", "N", "B"})
_SIZED = frozenset({"S", "B", "SS", "NS", "BS", "L", "M"})
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
#: What attribute_type says of a second operand that is no value, as the service's library words it.
_EVERY_TYPE = "{BOOL,FS,DOUBLESET,NULL,DECIMAL,HD,DOUBLE,FLOAT,SS,NS,N,HDS,BS,M,B,S,INTSET,L,INT,DECIMALSET,DICT}"
_TYPE_NAMES = "{B,NULL,SS,BOOL,L,BS,N,NS,S,M}"


def of(node: Node | Update) -> list[Check]:
    """The checks of a tree; each raises BadExpression."""
    return list(_of_update(node) if isinstance(node, Update) else _of(node))


def of_paths(paths: Iterable[Path]) -> list[Check]:
    """The checks of a projection."""
    return [check for path in paths for check in _of_path(path)]


def paths_in(node: Node | Update) -> list[Path]:
    """Every path of a tree."""
    if isinstance(node, Update):
        values = [path for _, value in node.sets for path in paths_in(value)]
        return [*node.paths, *values]
    return [node] if isinstance(node, Path) else [path for each in _operands(node) for path in paths_in(each)]


def _of(node: Node) -> Iterator[Check]:
    for operand in _operands(node):
        yield from _of(operand)
    match node:
        case Path():
            yield from _of_path(node)
        case Value(name):
            yield _defined(name)
        case Compare(operator, left, right):
            yield from _distinct(operator, left, right)
            if operator not in ("=", "<>"):
                yield from _kinds(operator, (left, right), _ORDERED)
        case Between(operand, low, high):
            yield from _distinct("BETWEEN", operand, low, high)
            yield from _kinds("BETWEEN", (operand, low, high), _ORDERED)
            if isinstance(low, Value) and isinstance(high, Value):
                yield _bounds(low.name, high.name)
        case In(operand, options):
            if len(options) > MOST_OPTIONS:
                yield _refuse(
                    f"The IN operator is provided with too many operands; number of operands: {len(options)}"
                )
            yield from _distinct("IN", operand, *options)
        case Sum(operator, left, right):
            yield from _kinds(operator, (left, right), frozenset({"N"}))
        case Call():
            yield from _of_call(node)


def _operands(node: Node) -> tuple[Node, ...]:
    match node:
        case Both(parts) | Either(parts) | Call(_, parts):
            return parts
        case Not(condition):
            return (condition,)
        case Compare(_, left, right) | Sum(_, left, right):
            return (left, right)
        case Between(operand, low, high):
            return (operand, low, high)
        case In(operand, options):
            return (operand, *options)
    return ()


def _of_path(path: Path) -> Iterator[Check]:
    for element in path.elements:
        if isinstance(element, Undefined):
            yield _refuse(
                f"An expression attribute name used in the document path is not defined; attribute name: {element}"
            )
    if len(path.elements) > DEEPEST_PATH:
        levels = len(path.elements)
        yield _refuse(f"The document path has too many nesting levels; nesting levels: {levels}")


def _of_call(call: Call) -> Iterator[Check]:
    function, arguments = _FUNCTIONS[call.name], call.arguments
    if call.name in _DISTINCT:
        yield from _distinct(call.name, *arguments)
    if call.name in _TAKES:
        yield from _kinds(call.name, arguments, _TAKES[call.name])
    if call.name == "attribute_type":
        yield from _of_type_name(arguments[1])
    if function.needs_path and not isinstance(arguments[0], Path):
        yield _refuse(f"Operator or function requires a document path; {OF_FUNCTION}{call.name}")


_DISTINCT = frozenset({"attribute_type", "begins_with", "contains", "if_not_exists"})
_TAKES = {
    "begins_with": frozenset({"S", "B"}),
    "list_append": frozenset({"L"}),
    "size": _SIZED,
}


def _of_type_name(argument: Node) -> Iterator[Check]:
    yield from _kinds("attribute_type", (argument,), frozenset({"S"}))
    if isinstance(argument, Value):
        yield _type_name(argument.name)
    else:
        yield _refuse(
            f"Incorrect operand type for operator or function; {OF_FUNCTION}attribute_type, "
            f"operand type: {_EVERY_TYPE}"
        )


def _distinct(operator: str, first: Node, *others: Node) -> Iterator[Check]:
    if isinstance(first, Path) and first in others:
        yield _refuse(
            "The first operand must be distinct from the remaining operands for this operator or function; "
            f"operator: {operator}, first operand: {first}"
        )


def _of_update(update: Update) -> Iterator[Check]:
    for path, node in update.sets:
        yield from _of_path(path)
        yield from _of(node)
    for path in update.removes:
        yield from _of_path(path)
    for path, value in update.adds:
        yield from _of_path(path)
        yield _defined(value.name)
        yield _operand_of("ADD", value.name, frozenset({"N", "SS", "NS", "BS"}))
    for path, value in update.deletes:
        yield from _of_path(path)
        yield _defined(value.name)
        yield _operand_of("DELETE", value.name, frozenset({"SS", "NS", "BS"}))


def _refuse(problem: str) -> Check:
    def check(values: Values) -> None:
        raise BadExpression(problem)

    return check


def _defined(name: str) -> Check:
    def check(values: Values) -> None:
        if name not in values:
            raise BadExpression(
                f"An expression attribute value used in expression is not defined; attribute value: {name}"
            )

    return check


def _kinds(operator: str, nodes: Iterable[Node], allowed: frozenset[str]) -> Iterator[Check]:
    for node in nodes:
        yield from _kind(operator, node, allowed)


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
