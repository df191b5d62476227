"""Key attributes, and the bytes under which they are stored: bytewise order is DynamoDB's order.

Texts are UTF-8, binaries themselves, numbers a sign, an exponent and 38 digits.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.CoreComponents.html
"""

from collections.abc import Mapping
from dataclasses import dataclass

from habitr_emulator.services.dynamodb.errors import (
    EMPTY_BINARY,
    EMPTY_STRING,
    KEY_MISMATCH,
    NOT_VALID,
    ItemRefused,
    ValidationException,
    invalid,
    refused,
)
from habitr_emulator.wire.number import Number, exact
from habitr_emulator.wire.typed_value import Native, kind_of

#: What a table or index without a sort key has in the sort key's column.
NO_SORT_KEY = b""
LONGEST_HASH = 2048
LONGEST_RANGE = 1024

_ZERO = b"\x01"
_NEGATIVE = bytes(255 - byte for byte in range(256))


@dataclass(frozen=True, slots=True)
class KeyAttribute:
    """A key attribute: its name and type (S, N or B)."""

    name: str
    kind: str


Schema = tuple[KeyAttribute, ...]
Columns = tuple[bytes, bytes]
IndexColumns = Columns | tuple[None, None]


def encode_number(number: Number) -> bytes:
    """A number as bytes that sort by value."""
    if number == 0:
        return _ZERO
    sign, digits, _ = exact(number).as_tuple()
    text = "".join(map(str, digits)).ljust(38, "0")
    magnitude = (exact(number).adjusted() + 1000).to_bytes(2, "big") + bytes.fromhex(text)
    return b"\x00" + magnitude.translate(_NEGATIVE) if sign else b"\x02" + magnitude


def encode_key(value: Native) -> bytes:
    """The stored form of a key attribute's value: a str, bytes or a number."""
    if value.__class__ is str:
        encoded: bytes = value.encode()
        return encoded
    return value if value.__class__ is bytes else encode_number(value)


def columns(schema: Schema, values: Mapping[str, Native]) -> Columns:
    """The partition and sort key columns of values that have been checked."""
    hash_column = encode_key(values[schema[0].name])
    return hash_column, encode_key(values[schema[1].name]) if len(schema) > 1 else NO_SORT_KEY


def of_key(schema: Schema, key: Mapping[str, Native]) -> Columns:
    """The columns of a request's ``Key``. Raises ValidationException."""
    if len(key) != len(schema):
        raise ValidationException(KEY_MISMATCH)
    for attribute in schema:
        if attribute.name not in key:
            raise ValidationException(KEY_MISMATCH)
        if kind_of(key[attribute.name]) != attribute.kind:
            raise ItemRefused(KEY_MISMATCH)
    return _measured(schema, key)


def of_item(schema: Schema, item: Mapping[str, Native]) -> Columns:
    """The columns of a request's ``Item``. Raises ValidationException."""
    for attribute in schema:
        if attribute.name not in item:
            raise invalid(f"Missing the key {attribute.name} in the item")
        actual = kind_of(item[attribute.name])
        if actual != attribute.kind:
            raise refused(f"Type mismatch for key {attribute.name} expected: {attribute.kind} actual: {actual}")
    return _measured(schema, item)


def of_batch_item(schema: Schema, item: Mapping[str, Native]) -> Columns:
    """Like ``of_item``, with the refusal that batches have for missing and mistyped keys."""
    for attribute in schema:
        if attribute.name not in item or kind_of(item[attribute.name]) != attribute.kind:
            raise ValidationException(KEY_MISMATCH)
    return _measured(schema, item)


def refuse_empty(name: str, value: Native, index_name: str | None = None) -> None:
    """Refuse an empty text or binary as the value of the key attribute ``name`` of the table or an index."""
    if value in ("", b""):
        empty = EMPTY_STRING if value == "" else EMPTY_BINARY
        if index_name is None:
            raise ValidationException(f"{NOT_VALID}{empty} Key: {name}")
        raise ValidationException(
            f"{NOT_VALID}A value specified for a secondary index key is not supported. {empty} "
            f"IndexName: {index_name}, IndexKey: {name}"
        )


def _measured(schema: Schema, values: Mapping[str, Native]) -> Columns:
    for attribute in schema:
        refuse_empty(attribute.name, values[attribute.name])
    return _bounded(columns(schema, values))


def _bounded(found: Columns) -> Columns:
    if len(found[0]) > LONGEST_HASH:
        raise refused("Size of hashkey has exceeded the maximum size limit of2048 bytes")
    if len(found[1]) > LONGEST_RANGE:
        raise refused("Aggregated size of all range keys has exceeded the size limit of 1024 bytes")
    return found


def in_index(schema: Schema, item: Mapping[str, Native]) -> IndexColumns:
    """The columns of an item in a secondary index; Nones if it lacks one of the index's key attributes, or has
    one that cannot be a key there (back-filling skips such items).
    """
    for attribute in schema:
        value = item.get(attribute.name)
        if value is None or kind_of(value) != attribute.kind or value in ("", b""):
            return None, None
    return columns(schema, item)


def of_index(
    index_name: str, schema: Schema, item: Mapping[str, Native], *, updated: bool = False
) -> IndexColumns:
    """Like ``in_index``, for an item that is written: refuses key attributes of wrong type, empty or too long.

    ``updated`` is for an item that an update made, of which the refusal is worded otherwise.
    """
    for attribute in schema:
        if attribute.name in item:
            _check_index(index_name, attribute, item[attribute.name], updated)
    for attribute in schema:
        if attribute.name not in item:
            return None, None
    return _bounded(columns(schema, item))


def _check_index(index_name: str, attribute: KeyAttribute, value: Native, updated: bool) -> None:
    kind = kind_of(value)
    if kind != attribute.kind:
        raise refused(
            f"Type mismatch for Index Key {attribute.name} Expected: {attribute.kind} Actual: {kind} "
            f"IndexName: {index_name}"
        )
    if updated and value in ("", b""):
        raise ValidationException(
            f"{NOT_VALID}The update expression attempted to update a secondary index key to a value that is not "
            f"supported. {EMPTY_STRING if value == '' else EMPTY_BINARY}"
        )
    refuse_empty(attribute.name, value, index_name)
