"""Conditions and filters: a syntax tree becomes one function of an item and the values.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
"""

from collections.abc import Callable, Mapping
from typing import Any

from habitr_emulator.services.dynamodb.expressions.comparison import (
    MISSING,
    at_most,
    contains,
    less_than,
    same,
    size,
)
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
from habitr_emulator.wire.typed_value import Native, kind_of

Values = Mapping[str, Native]
Attributes = Mapping[str, Native]
Test = Callable[[Attributes, Values], bool]
Read = Callable[[Attributes, Values], Native]


def find(item: Attributes, elements: tuple[str | int, ...]) -> Native:
    """The value at a document path, or MISSING."""
    value: Native = item
    for element in elements:
        cls = value.__class__
        if cls is dict and element.__class__ is str:
            value = value.get(element, MISSING)
        elif cls is list and element.__class__ is int and element < len(value):
            value = value[element]
        else:
            return MISSING
    return value


def operand(node: Node) -> Read:
    """The function that reads an operand."""
    match node:
        case Path((str() as name,)):
            return lambda item, values: item.get(name, MISSING)
        case Path(elements):
            return lambda item, values: find(item, elements)
        case Value(name):
            return lambda item, values: values[name]
        case Call("size", (argument,)):
            read = operand(argument)
            return lambda item, values: size(read(item, values))
    raise TypeError(f"not an operand: {node}")


def test(node: Node) -> Test:
    """The function that judges a condition."""
    match node:
        case Compare():
            return _compare(node)
        case Between(value, low, high):
            read, lower, upper = operand(value), operand(low), operand(high)
            return lambda item, values: (
                at_most(lower(item, values), read(item, values))
                and at_most(read(item, values), upper(item, values))
            )
        case In(value, options):
            read, reads = operand(value), [operand(option) for option in options]
            return lambda item, values: any(same(read(item, values), option(item, values)) for option in reads)
        case Not(condition):
            inner = test(condition)
            return lambda item, values: not inner(item, values)
        case Both(parts):
            tests = [test(part) for part in parts]
            return lambda item, values: all(each(item, values) for each in tests)
        case Either(parts):
            tests = [test(part) for part in parts]
            return lambda item, values: any(each(item, values) for each in tests)
        case Call():
            return _call(node)
    raise TypeError(f"not a condition: {node}")


def _compare(node: Compare) -> Test:
    compare, left, right = _COMPARISONS[node.operator], operand(node.left), operand(node.right)
    return lambda item, values: compare(left(item, values), right(item, values))


_COMPARISONS: dict[str, Callable[[Native, Native], bool]] = {
    "=": same,
    "<>": lambda left, right: not same(left, right),
    "<": less_than,
    "<=": at_most,
    ">": lambda left, right: less_than(right, left),
    ">=": lambda left, right: at_most(right, left),
}


def _call(node: Call) -> Test:
    reads = [operand(argument) for argument in node.arguments]
    judge = _FUNCTIONS[node.name]
    if len(reads) == 1:
        read = reads[0]
        return lambda item, values: judge(read(item, values), None)
    first, second = reads
    return lambda item, values: judge(first(item, values), second(item, values))


def _begins_with(value: Native, prefix: Native) -> bool:
    cls: Any = value.__class__
    return (cls is str or cls is bytes) and cls is prefix.__class__ and value.startswith(prefix)


_FUNCTIONS: dict[str, Callable[[Any, Any], bool]] = {
    "attribute_exists": lambda value, _: value is not MISSING,
    "attribute_not_exists": lambda value, _: value is MISSING,
    "attribute_type": lambda value, name: value is not MISSING and kind_of(value) == name,
    "begins_with": _begins_with,
    "contains": contains,
}
