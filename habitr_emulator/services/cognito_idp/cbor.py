"""The part of CBOR (RFC 8949) that authenticators write: definite lengths, no tags, no floats; pure."""

from typing import Any

_DEEPEST = 8


class Malformed(ValueError):
    """Bytes that are not such CBOR."""


def decode(data: bytes) -> Any:
    """The one value that ``data`` is: int, bytes, str, list, dict, bool or None. Raises Malformed."""
    value, end = decode_first(data)
    if end != len(data):
        raise Malformed("there is something behind the value")
    return value


def decode_first(data: bytes) -> tuple[Any, int]:
    """The value at the start of ``data``, and where it ends. Raises Malformed."""
    try:
        return _value(data, 0, 0)
    except (IndexError, UnicodeDecodeError, TypeError) as error:
        raise Malformed("the value is cut short, or no CBOR") from error


def _value(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    if depth > _DEEPEST:
        raise Malformed("the value is nested too deeply")
    major, number, at = _head(data, at)
    if major == 0:
        return number, at
    if major == 1:
        return -1 - number, at
    if major in (2, 3):
        return _text(data, major, number, at)
    if major == 4:
        return _list(data, number, at, depth)
    if major == 5:
        return _map(data, number, at, depth)
    if major == 7 and number in (20, 21, 22):
        return {20: False, 21: True, 22: None}[number], at
    raise Malformed("authenticators write no tags and no floats")


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    major, small = data[at] >> 5, data[at] & 31
    at += 1
    if small < 24:
        return major, small, at
    if small > 27:
        raise Malformed("authenticators write definite lengths")
    size = 1 << (small - 24)
    if at + size > len(data):
        raise Malformed("the number is cut short")
    return major, int.from_bytes(data[at : at + size], "big"), at + size


def _text(data: bytes, major: int, size: int, at: int) -> tuple[bytes | str, int]:
    if at + size > len(data):
        raise Malformed("the text is cut short")
    part = data[at : at + size]
    return (part if major == 2 else part.decode()), at + size


def _list(data: bytes, count: int, at: int, depth: int) -> tuple[list[Any], int]:
    items = []
    for _ in range(count):
        item, at = _value(data, at, depth + 1)
        items.append(item)
    return items, at


def _map(data: bytes, count: int, at: int, depth: int) -> tuple[dict[Any, Any], int]:
    entries: dict[Any, Any] = {}
    for _ in range(count):
        key, at = _value(data, at, depth + 1)
        entries[key], at = _value(data, at, depth + 1)
    return entries, at
