"""Items as rows: reading, composing and writing them, always together with their index columns."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.dynamodb import keys
from habitr_emulator.services.dynamodb.errors import TOO_LARGE, UPDATE_TOO_LARGE, ValidationException
from habitr_emulator.services.dynamodb.keys import Columns
from habitr_emulator.services.dynamodb.sizes import LARGEST_ITEM, item_size
from habitr_emulator.services.dynamodb.tables import Table, Tables
from habitr_emulator.wire.attribute_value import Item
from habitr_emulator.wire.typed_value import Native

#: Items whose typed form is kept, and the length of the largest: a few megabytes.
KEPT = 2048
LARGEST_KEPT = 1024

#: ``Store.one`` or ``Transaction.one``.
ReadOne = Callable[[str, Any], Row | None]


@dataclass(slots=True)
class Stored:
    """An item, its size in bytes, and its index columns in the order of the table's indexes."""

    item: Item
    size: int
    index_columns: tuple[bytes | None, ...]


def of_row(row: Row) -> Stored:
    """The item of a row that ``Table.sql.select`` found."""
    return Stored(item_of(row), row[2], tuple(row)[3:])


def item_of(row: Row) -> Item:
    """Only the item of such a row."""
    types = row[1]
    return Item(orjson.loads(row[0]), None if types is None else orjson.loads(types))


def packed_of(row: Row) -> Item:
    """The same, packed: what is read again and again is made once, if it is small."""
    text, types = row[0], row[1]
    return Item.from_json(_kept_json(text, types) if len(text) <= LARGEST_KEPT else _json(text, types))


def _json(text: str, types: str | None) -> bytes:
    item = Item(orjson.loads(text), None if types is None else orjson.loads(types))
    return orjson.dumps(item.typed)


_kept_json = lru_cache(KEPT)(_json)


def read(one: ReadOne, table: Table, key: Columns) -> Stored | None:
    """The item of a key, if there is one."""
    row = one(table.sql.select, key)
    return None if row is None else of_row(row)


def compose(table: Table, item: dict[str, Native], *, updated: bool = False) -> Stored:
    """An item ready to be written; ``updated`` if it is what an update made. Raises ValidationException for bad
    index keys and sizes.
    """
    size = item_size(item)
    if size > LARGEST_ITEM:
        raise ValidationException(UPDATE_TOO_LARGE if updated else TOO_LARGE)
    columns: tuple[bytes | None, ...] = ()
    for index in table.indexes.values():
        columns += keys.of_index(index.name, index.schema, item, updated=updated)
    return Stored(Item.from_native(item), size, columns)


def write(tx: Transaction, table: Table, key: Columns, old: Stored | None, new: Stored | None) -> None:
    """Replace ``old`` by ``new`` under ``key``; either may be none."""
    if new is None:
        if old is not None:
            tx.execute(table.sql.delete, key)
        return
    types = new.item.types
    content = (
        orjson.dumps(new.item.plain).decode(),
        None if types is None else orjson.dumps(types).decode(),
        new.size,
    )
    if old is None:
        tx.execute(table.sql.insert, (*content, *new.index_columns, *key))
    elif old.index_columns == new.index_columns:
        tx.execute(table.sql.update_in_place, (*content, *key))
    else:
        tx.execute(table.sql.update, (*content, *new.index_columns, *key))


def tell(known: Tables, tx: Transaction, table: Table, old: Stored | None, new: Stored | None) -> None:
    """Tell the table's follower, if it has one, in the transaction of the write."""
    follower = known.followers.get(table.name)
    if follower is not None:
        follower(
            tx, table.key_names, None if old is None else old.item.plain, None if new is None else new.item.plain
        )
