"""DynamoDB's attribute values, typed as on the wire, and as native Python values.

*Native* values lose nothing: str, numbers (see ``wire.number``), bool, None, bytes, list, dict and
``AttributeSet``.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from habitr_emulator.wire.number import InvalidAttributeValue, number_text, parse_number

Native = Any
#: Lists and maps inside each other, in an attribute.
DEEPEST = 31
LONGEST_NAME = 65_535

NO_NAME = "Empty attribute name"
_EMPTY = "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"
_SEVERAL = (
    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
)
_PREFIX = "One or more parameter values were invalid: "
_NULL = _PREFIX + "Null attribute value types must have the value of true"
_NESTED = (
    "Nesting Levels have exceeded supported limits: "
    "Attributes in the item have nested levels beyond supported limit"  # guess: the wording after the colon
)
_SET_NAMES = {"SS": "string", "NS": "number", "BS": "binary"}


class AttributeSet:
    """A set: ``kind`` SS, NS or BS; ``members`` in stored order: texts, canonical number texts, or bytes."""

    __slots__ = ("kind", "members")

    def __init__(self, kind: str, members: tuple[Any, ...]) -> None:
        self.kind = kind
        self.members = members

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, AttributeSet)
            and self.kind == other.kind
            and frozenset(self.members) == frozenset(other.members)
        )

    def __hash__(self) -> int:
        return hash((self.kind, frozenset(self.members)))

    def __repr__(self) -> str:
        return f"AttributeSet({self.kind!r}, {self.members!r})"

    @property
    def plain(self) -> list[Any]:
        """The members as a JSON list."""
        if self.kind == "SS":
            return list(self.members)
        if self.kind == "BS":
            return [b64encode(member).decode() for member in self.members]
        return [nearest(parse_number(member)) for member in self.members]


_KINDS: dict[type, str] = {
    str: "S",
    int: "N",
    float: "N",
    Decimal: "N",
    bytes: "B",
    bool: "BOOL",
    type(None): "NULL",
    list: "L",
    dict: "M",
}


def kind_of(value: Native) -> str:
    """The type name of a native value: S, N, B, BOOL, NULL, L, M, SS, NS or BS."""
    return _KINDS.get(value.__class__) or str(value.kind)


def decode(value: Mapping[str, Any], depth: int = 0) -> Native:
    """A typed value as a native one. Raises InvalidAttributeValue with the service's message.

    Binaries may be bytes or base64 text; N may be a JSON number.
    """
    try:
        ((kind, content),) = value.items()
    except (ValueError, AttributeError):
        raise InvalidAttributeValue(_SEVERAL if value else _EMPTY) from None
    if kind == "S":
        return content if content.__class__ is str else _text(content)
    if kind == "N":
        return parse_number(content)
    if kind == "BOOL":
        return content is True or content == "true"
    if kind not in ("L", "M"):
        return _decode_rare(kind, content)
    if depth >= DEEPEST:
        raise InvalidAttributeValue(_NESTED)
    if kind == "L":
        return [decode(member, depth + 1) for member in content]
    if "" in content:
        raise InvalidAttributeValue(NO_NAME)
    return {name: decode(member, depth + 1) for name, member in content.items()}


def _decode_rare(kind: str, content: Any) -> Native:
    if kind == "B":
        return _binary(content)
    if kind in _SET_NAMES:
        return _decode_set(kind, content)
    if kind != "NULL":
        raise InvalidAttributeValue(_EMPTY)
    if content not in (True, "true"):
        raise InvalidAttributeValue(_NULL)
    return None


def _text(content: Any) -> str:
    if isinstance(content, str | int | float):
        return str(content)
    raise InvalidAttributeValue(_EMPTY)


def _binary(content: Any) -> bytes:
    if isinstance(content, bytes | bytearray | memoryview):
        return bytes(content)
    try:
        return b64decode(content, validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise InvalidAttributeValue("Invalid attribute value type", why="a binary is not base64 text") from error


def _decode_set(kind: str, content: list[Any]) -> AttributeSet:
    if not content:
        raise InvalidAttributeValue(f"{_PREFIX}An {_SET_NAMES[kind]} set  may not be empty")
    if kind == "SS":
        members = tuple(content)
    elif kind == "NS":
        members = tuple(number_text(parse_number(member)) for member in content)
    else:
        members = tuple(_binary(member) for member in content)
    if len(frozenset(members)) < len(members):
        if kind == "NS":
            raise InvalidAttributeValue("Input collection contains duplicates")
        shown = ", ".join(str(member) for member in content)
        raise InvalidAttributeValue(f"{_PREFIX}Input collection [{shown}] contains duplicates.")
    return AttributeSet(kind, members)


def encode(value: Native) -> dict[str, Any]:
    """A native value as a typed one, fit for JSON (binaries as base64 text)."""
    cls = value.__class__
    if cls is str:
        return {"S": value}
    if cls is int:
        return {"N": str(value)}
    if cls is bool:
        return {"BOOL": value}
    if cls is dict:
        return {"M": encode_map(value)}
    if cls is list:
        return {"L": [encode(member) for member in value]}
    if value is None:
        return {"NULL": True}
    if cls is bytes:
        return {"B": b64encode(value).decode()}
    if cls is AttributeSet:
        members = value.members
        return {
            value.kind: [b64encode(member).decode() for member in members] if value.kind == "BS" else [*members]
        }
    return {"N": number_text(value)}


def encode_map(values: Mapping[str, Native]) -> dict[str, Any]:
    """Native values as typed ones; the usual types are told here, since calls cost more than they do."""
    typed: dict[str, Any] = {}
    for name, value in values.items():
        cls = value.__class__
        if cls is str:
            typed[name] = {"S": value}
        elif cls is int:
            typed[name] = {"N": str(value)}
        else:
            typed[name] = encode(value)
    return typed


def read_map(values: Mapping[str, Any], depth: int = 0) -> dict[str, Native]:
    """A map of typed values just parsed from JSON, as native ones: the short way for what is as it should be.

    Raises ValueError for everything else, which says nothing of what is wrong: the model's readers and
    ``decode`` do.
    """
    native: dict[str, Native] = {}
    for name, typed in values.items():
        if typed.__class__ is not dict or not 0 < len(name) <= LONGEST_NAME:
            raise ValueError(name)
        ((kind, content),) = typed.items()
        native[name] = content if kind == "S" and content.__class__ is str else _read(kind, content, depth)
    return native


def _read(kind: str, content: Any, depth: int) -> Native:
    if kind == "N" and content.__class__ is str:
        return parse_number(content)
    if kind == "BOOL" and content.__class__ is bool:
        return content
    if kind == "M" and content.__class__ is dict and depth < DEEPEST:
        return read_map(content, depth + 1)
    if kind == "L" and content.__class__ is list and depth < DEEPEST:
        return [_read_element(each, depth + 1) for each in content]
    if kind == "B" and content.__class__ is str:
        return binascii.a2b_base64(content, strict_mode=True)
    if kind == "NULL" and content is True:
        return None
    if kind in _SET_NAMES and content.__class__ is list and all(member.__class__ is str for member in content):
        return _decode_set(kind, content)
    raise ValueError(kind)


def _read_element(typed: Any, depth: int) -> Native:
    if typed.__class__ is not dict:
        raise ValueError(typed)
    ((kind, content),) = typed.items()
    return content if kind == "S" and content.__class__ is str else _read(kind, content, depth)


def nearest(number: Any) -> int | float:
    """The number as JSON can hold it."""
    return float(number) if number.__class__ is Decimal else number
