"""Many keys in one request: gathered by table, none twice.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithItems.html#WorkingWithItems.BatchOperations
"""

from collections.abc import Iterable

from habitr_emulator.services.dynamodb.errors import ValidationException
from habitr_emulator.services.dynamodb.keys import Columns
from habitr_emulator.services.dynamodb.tables import Table

Place = tuple[int, bytes, bytes]


def place(table: Table, key: Columns) -> Place:
    """Where an item is, among all tables."""
    return (table.number, *key)


def refuse_twice(places: Iterable[Place], message: str) -> None:
    """Refuse a request that names an item twice. Raises ValidationException."""
    listed = list(places)
    if len(set(listed)) < len(listed):
        raise ValidationException(message)
