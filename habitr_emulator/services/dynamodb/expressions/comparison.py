"""How native values compare: by value, never across types."""

from decimal import Decimal
from typing import Any

from habitr_emulator.wire.number import less, number_text
from habitr_emulator.wire.typed_value import AttributeSet, Native

_NUMBERS = frozenset({int, float, Decimal})


class _Missing:
    """No attribute there; nothing equals it, and everything differs from it."""


MISSING: Any = _Missing()


def same(left: Native, right: Native) -> bool:
    """Whether two values have one type and one value; lists and maps deeply, sets in any order."""
    cls = left.__class__
    if cls is not right.__class__ or left is MISSING:
        return False
    if cls is list:
        return len(left) == len(right) and all(map(same, left, right))
    if cls is dict:
        return left.keys() == right.keys() and all(same(value, right[name]) for name, value in left.items())
    return bool(left == right)


def less_than(left: Native, right: Native) -> bool:
    """Whether both are texts, numbers or binaries and ``left`` is the smaller."""
    cls: Any = left.__class__
    if cls in _NUMBERS:
        return _is_number(right) and less(left, right)
    return (cls is str or cls is bytes) and cls is right.__class__ and left < right


def _is_number(value: Native) -> bool:
    return value.__class__ in _NUMBERS


def at_most(left: Native, right: Native) -> bool:
    """Whether ``left`` is smaller or equal."""
    return less_than(left, right) or (left.__class__ in _ORDERED and same(left, right))


_ORDERED = _NUMBERS | {str, bytes}


def contains(whole: Native, part: Native) -> bool:
    """Substring, element of a set, or element of a list."""
    cls = whole.__class__
    if cls is str or cls is bytes:
        return part.__class__ is cls and part in whole
    if cls is list:
        return any(same(member, part) for member in whole)
    return cls is AttributeSet and _set_contains(whole, part)


def _set_contains(whole: AttributeSet, part: Native) -> bool:
    if whole.kind == "NS":
        return _is_number(part) and number_text(part) in whole.members
    return part.__class__ is (str if whole.kind == "SS" else bytes) and part in whole.members


def size(value: Native) -> Native:
    """What ``size()`` gives: UTF-16 units of a text, bytes of a binary, members of what else has members; what
    has none has no size, like what is not there.
    """
    cls = value.__class__
    if cls is str:
        return len(value) if value.isascii() else len(value.encode("utf-16-le")) // 2
    if cls is bytes or cls is list or cls is dict:
        return len(value)
    return len(value.members) if cls is AttributeSet else MISSING
