"""How many bytes DynamoDB counts for values and items.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
"""

from collections.abc import Mapping
from typing import Any

from habitr_emulator.wire.number import number_text
from habitr_emulator.wire.typed_value import Native

LARGEST_ITEM = 409_600
LARGEST_PAGE = 1 << 20


def item_size(item: Mapping[str, Native]) -> int:
    """Bytes of an item: its attribute names and values."""
    size = 0
    for name, value in item.items():
        size += len(name) if name.isascii() else len(name.encode())
        if value.__class__ is str and value.isascii():
            size += len(value)
        else:
            size += value_size(value)
    return size


def text_size(text: str) -> int:
    """UTF-8 bytes of a text."""
    return len(text) if text.isascii() else len(text.encode())


def value_size(value: Native) -> int:
    """Bytes of a native value."""
    cls: Any = value.__class__
    if cls is str:
        return text_size(value)
    if cls is bool or value is None:
        return 1
    if cls is bytes:
        return len(value)
    if cls is list:
        return 3 + sum([1 + value_size(member) for member in value])
    if cls is dict:
        return 3 + len(value) + item_size(value)
    if cls is int and 0 <= value < 100:
        return 2
    if hasattr(value, "members"):
        measure = _digits_size if value.kind == "NS" else _member_size
        return sum(measure(member) for member in value.members)
    return _digits_size(number_text(value))


def _member_size(member: str | bytes) -> int:
    return text_size(member) if isinstance(member, str) else len(member)


def _digits_size(text: str) -> int:
    significant = len(text.lstrip("-").replace(".", "").strip("0")) or 1
    return min(1 + (significant + 1) // 2 + (text[0] == "-"), 21)
