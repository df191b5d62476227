"""How PartiQL refuses values that cannot be those of key attributes."""

from collections.abc import Iterable, Mapping

from habitr_emulator.services.dynamodb.errors import ItemRefused, ValidationException
from habitr_emulator.services.dynamodb.keys import KeyAttribute, Schema
from habitr_emulator.wire.typed_value import Native, kind_of


def check(attribute: KeyAttribute, values: Iterable[Native]) -> None:
    """Refuse values of another type than the key attribute's. Raises ItemRefused."""
    if any(kind_of(value) != attribute.kind for value in values):
        raise ItemRefused(
            f"Key attribute's data type should match its data type in table's schema: Key {attribute.name}"
        )


def check_key(schema: Schema, item: Mapping[str, Native]) -> None:
    """Refuse an item or key without its key attributes, or with some of another type.

    Raises ValidationException.
    """
    for attribute in schema:
        if attribute.name not in item:
            raise ValidationException(f"Key attribute should be present in the item: Key {attribute.name}")
        check(attribute, (item[attribute.name],))
