"""DynamoDB's attribute values in three forms.

- *typed*: as on the wire, ``{"S": "x"}``, ``{"N": "1"}``, ``{"SS": ["a"]}`` …
- *native*: Python values that lose nothing: str, numbers (see ``wire.number``), bool, None, bytes, list, dict and
  ``AttributeSet``. Conditions and updates work on these.
- *plain*: JSON, as AppSync's resolvers see items; beside it *types*, a tree that says what JSON cannot tell.

A leaf of the types tree is ``"B"``, ``"SS"``, ``"BS"``, ``"NS"``, ``"N<digits>"`` (a number that neither an int64
nor a float64 holds; plain has the nearest float) or a list (the digits of such a number set). A dict descends: by
name into a map, by decimal index into a list. No tree means that JSON tells everything, which is the usual case.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
"""

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import orjson

from habitr_emulator.wire.number import InvalidAttributeValue, number_text, of_python, parse_number
from habitr_emulator.wire.typed_value import AttributeSet, Native, decode, encode, encode_map, kind_of

__all__ = [
    "AttributeSet",
    "InvalidAttributeValue",
    "Item",
    "decode",
    "encode",
    "kind_of",
    "to_plain",
    "to_typed",
]

Types = Any

_JSON = frozenset({str, int, float, bool, type(None)})


def split(value: Native) -> tuple[Any, Types]:
    """A native value as plain JSON and its types tree (None if JSON tells everything)."""
    cls = value.__class__
    if cls in _JSON:
        return value, None
    if cls is dict:
        return _split_members(value, value.items())
    if cls is list:
        return _split_members(value, enumerate(value))
    if cls is bytes:
        return b64encode(value).decode(), "B"
    if cls is Decimal:
        return float(value), "N" + number_text(value)
    if value.kind != "NS" or all(parse_number(member).__class__ is not Decimal for member in value.members):
        return value.plain, value.kind
    return value.plain, list(value.members)


def _split_members(value: Any, members: Any) -> tuple[Any, Types]:
    copy: Any = None
    types: dict[str, Types] = {}
    for place, member in members:
        if member.__class__ not in _JSON:
            plain, tree = split(member)
            if tree is not None:
                copy = copy or value.copy()
                copy[place], types[str(place)] = plain, tree
    return (copy, types) if types else (value, None)


def merge(value: Any, types: Types) -> Native:
    """The native value of plain JSON and its types tree: the inverse of ``split``."""
    if types is None:
        return value
    if types.__class__ is dict:
        copy: Any = dict(value) if value.__class__ is dict else list(value)
        for place, tree in types.items():
            at = place if copy.__class__ is dict else int(place)
            copy[at] = merge(copy[at], tree)
        return copy
    if types.__class__ is list:
        return AttributeSet("NS", tuple(types))
    if types == "B":
        return b64decode(value)
    if types == "SS":
        return AttributeSet("SS", tuple(value))
    if types == "BS":
        return AttributeSet("BS", tuple(b64decode(member) for member in value))
    if types == "NS":
        return AttributeSet("NS", tuple(number_text(member) for member in value))
    return Decimal(types[1:])


def _native(value: Any) -> Native:
    """Any Python value as a native one: numbers in their one form, tuples as lists, Items as maps."""
    cls = value.__class__
    if cls is str or cls is bool or value is None or cls is bytes or cls is AttributeSet:
        return value
    if cls is int or cls is float or cls is Decimal:
        return of_python(value)
    if isinstance(value, Item):
        return value.native
    if isinstance(value, Mapping):
        return {str(name): _native(member) for name, member in value.items()}
    if isinstance(value, str):
        return str(value)
    return [_native(member) for member in value]


def to_typed(value: Any) -> dict[str, Any]:
    """A plain value as ``$util.dynamodb.toDynamoDB`` types it: lists become L, maps M; sets are never made."""
    return encode(_native(value))


def to_plain(value: Mapping[str, Any]) -> Any:
    """A typed value as AppSync shows it: numbers as numbers, sets as lists, binaries as base64 text."""
    return split(decode(value))[0]


class Item(Mapping[str, Any]):
    """An item, key or map of values. As a mapping it is the typed form, ``{"name": {"S": "x"}}``.

    The forms are made of each other when they are first asked for. Treat all of them as read-only.
    """

    __slots__ = ("_json", "_native", "_plain", "_typed", "_types")

    def __init__(self, plain: dict[str, Any] | None, types: Types = None) -> None:
        self._plain = plain
        self._types = types
        self._native: dict[str, Native] | None = None
        self._typed: dict[str, Any] | None = None
        self._json: bytes | None = None

    @classmethod
    def from_typed(cls, item: Mapping[str, Any]) -> "Item":
        """The item of ``{"name": {"S": "x"}}``. Raises InvalidAttributeValue."""
        return item if isinstance(item, Item) else cls.from_native(decode_map(item))

    @classmethod
    def from_plain(cls, item: Mapping[str, Any]) -> "Item":
        """The item of a JSON object, typed by ``to_typed``'s rules."""
        return cls.from_native({name: _native(value) for name, value in item.items()})

    @classmethod
    def from_native(cls, item: dict[str, Native]) -> "Item":
        """The item of native values."""
        made = cls(None)
        made._native = item
        return made

    @classmethod
    def from_json(cls, text: bytes) -> "Item":
        """The packed item of its typed form's JSON."""
        made = cls(None)
        made._json = text
        return made

    @property
    def plain(self) -> dict[str, Any]:
        """The JSON object."""
        if self._plain is None:
            self._plain, self._types = split(self.native)
        return self._plain

    @property
    def types(self) -> Types:
        """The types tree of ``plain``, or None."""
        if self._plain is None:
            self._plain, self._types = split(self.native)
        return self._types

    @property
    def native(self) -> dict[str, Native]:
        """The attributes as native values."""
        if self._native is None:
            self._native = merge(self._plain, self._types) if self._json is None else decode_map(self.typed)
        return self._native

    @property
    def typed(self) -> dict[str, Any]:
        """The typed form as a plain dict, fit for JSON."""
        if self._typed is None:
            self._typed = encode_map(self.native) if self._json is None else orjson.loads(self._json)
        return self._typed

    @property
    def json(self) -> orjson.Fragment | None:
        """The typed form as JSON, if the item is packed."""
        return None if self._json is None else orjson.Fragment(self._json)

    def packed(self) -> "Item":
        """The item as only the JSON of its typed form. A page of packed items is cheaper than one of
        dicts, which would all be alive at once for the collector of garbage to look through.
        """
        return Item.from_json(orjson.dumps(encode_map(self.native)))

    def __getitem__(self, name: str) -> Any:
        return self.typed[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.native)

    def __len__(self) -> int:
        return len(self.native)

    def __repr__(self) -> str:
        return f"Item({self.plain!r}, {self.types!r})"


def decode_map(item: Mapping[str, Any]) -> dict[str, Native]:
    """A typed item, key or value map as native values; an ``Item`` costs nothing. Raises InvalidAttributeValue."""
    if isinstance(item, Item):
        return item.native
    return {name: decode(value) for name, value in item.items()}
