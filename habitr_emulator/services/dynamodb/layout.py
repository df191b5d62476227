"""Laying tables out: the SQL tables and indexes of the catalogue's entries.

Everything here runs in write functions.
Statements are made of numbers only: a table's number and the slots of its indexes.
"""

from typing import Any

import orjson

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.dynamodb import keys, rows, streams, ttl
from habitr_emulator.services.dynamodb.errors import ResourceInUseException, ResourceNotFoundException
from habitr_emulator.services.dynamodb.tables import Index, Settings, Table, Tables, of_row

BACK_FILL = 500


def create(tx: Transaction, settings: Settings, tags: dict[str, str]) -> Table:
    """A new, empty table. Raises ResourceInUseException."""
    name = settings["TableName"]
    if tx.one("SELECT 1 FROM dynamodb_table WHERE name = ?", (name,)):
        raise ResourceInUseException(f"Table already exists: {name}")
    number = tx.execute(
        "INSERT INTO dynamodb_table (name, settings, tags) VALUES (?, ?, ?)", (name, _json(settings), _json(tags))
    ).lastrowid
    assert number is not None
    table = Table(number, name, settings, None)
    columns = "".join(f", {column} BLOB" for column in table.index_columns)
    tx.execute(
        f"CREATE TABLE {table.sql_name} (pk BLOB NOT NULL, sk BLOB NOT NULL, size INTEGER NOT NULL, types TEXT, "
        f"item TEXT NOT NULL{columns}, PRIMARY KEY (pk, sk)) WITHOUT ROWID"
    )
    for index in table.indexes.values():
        _create_index(tx, table, index)
    streams.follow(tx, None, table, settings["CreationDateTime"])
    return table


def _create_index(tx: Transaction, table: Table, index: Index) -> None:
    first, second = index.columns
    tx.execute(
        f"CREATE INDEX {index.sql_name(table.number)} ON {table.sql_name} ({first}, {second}, pk, sk) "
        f"WHERE {first} IS NOT NULL"
    )


def drop(tx: Transaction, known: Tables, name: str) -> Table:
    """Remove a table and its items. Raises ResourceNotFoundException."""
    table = require(tx, name)
    tx.execute(f"DROP TABLE {table.sql_name}")
    tx.execute("DELETE FROM dynamodb_table WHERE number = ?", (table.number,))
    ttl.follow(tx, table, None)
    streams.follow(tx, table, None, known.clock.now())
    known.changing(table, None)
    return table


def require(tx: Transaction, name: str) -> Table:
    """The table as the catalogue has it now. Raises ResourceNotFoundException."""
    row = tx.one("SELECT * FROM dynamodb_table WHERE name = ?", (name,))
    if row is None:
        raise ResourceNotFoundException(f"Requested resource not found: Table: {name} not found")
    return of_row(row)


def change(tx: Transaction, known: Tables, old: Table, settings: Settings) -> Table:
    """Give a table new settings: indexes that went are dropped, those that came are filled from the items."""
    new = Table(old.number, old.name, settings, old.ttl_attribute)
    for index in _difference(old, new):
        tx.execute(f"DROP INDEX {index.sql_name(old.number)}")
        for column in index.columns:
            tx.execute(f"ALTER TABLE {old.sql_name} DROP COLUMN {column}")
    added = _difference(new, old)
    for index in added:
        for column in index.columns:
            tx.execute(f"ALTER TABLE {new.sql_name} ADD COLUMN {column} BLOB")
    if added:
        fill(tx, new, added)
    for index in added:
        _create_index(tx, new, index)
    tx.execute("UPDATE dynamodb_table SET settings = ? WHERE number = ?", (_json(settings), new.number))
    streams.follow(tx, old, new, known.clock.now())
    known.changing(old, new)
    return new


def _difference(one: Table, other: Table) -> list[Index]:
    """The indexes of ``one`` that ``other`` has not, or has with another key."""
    return [
        index
        for name, index in one.indexes.items()
        if name not in other.indexes or other.indexes[name].schema != index.schema
    ]


def fill(tx: Transaction, table: Table, added: list[Index]) -> None:
    """Fill the columns of new indexes from the items, slice by slice."""
    sets = ", ".join(f"{column} = ?" for index in added for column in index.columns)
    place = (b"", b"")
    while True:
        found = tx.all(
            f"SELECT item, types, size, pk, sk FROM {table.sql_name} WHERE (pk, sk) > (?, ?) "  # noqa: S608
            f"ORDER BY pk, sk LIMIT {BACK_FILL}",
            place,
        )
        if not found:
            return
        updates: list[tuple[bytes | None, ...]] = []
        for row in found:
            item = rows.item_of(row).native
            columns = (column for index in added for column in keys.in_index(index.schema, item))
            updates.append((*columns, row[3], row[4]))
        tx.executemany(f"UPDATE {table.sql_name} SET {sets} WHERE pk = ? AND sk = ?", updates)  # noqa: S608
        place = (found[-1][3], found[-1][4])


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
