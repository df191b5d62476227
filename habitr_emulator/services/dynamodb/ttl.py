"""Time to live: when items expire, and the sweep that deletes them when the emulator's clock is past it.

Reads do not hide expired items. Items that expired more than five years ago are left alone, as at the service.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
"""

from collections.abc import Mapping
from functools import partial

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import rows, streams, tables
from habitr_emulator.services.dynamodb.keys import Columns
from habitr_emulator.services.dynamodb.rows import Stored
from habitr_emulator.services.dynamodb.tables import Table, Tables
from habitr_emulator.wire.typed_value import Native, kind_of

FIVE_YEARS = 5 * 365 * 86_400.0
SLICE = 500
_DUE = "FROM dynamodb_expiry WHERE at <= ? AND at > ?"


def expiry(attribute: str, item: Mapping[str, Native]) -> float | None:
    """When an item expires, in seconds since 1970; None if its attribute is missing or not a number."""
    value = item.get(attribute)
    return float(value) if value is not None and kind_of(value) == "N" else None


def track(tx: Transaction, table: Table, key: Columns, old: Stored | None, new: Stored | None) -> None:
    """Keep the expiry of an item that is written; ``table`` has a time to live."""
    attribute = table.ttl_attribute or ""
    before = None if old is None else expiry(attribute, old.item.native)
    after = None if new is None else expiry(attribute, new.item.native)
    if after is not None and before != after:
        _keep(tx, table, [(table.number, *key, after)])
    elif after is None and before is not None:
        tx.execute("DELETE FROM dynamodb_expiry WHERE number = ? AND pk = ? AND sk = ?", (table.number, *key))


def _keep(tx: Transaction, table: Table, expiries: list[tuple[int, bytes, bytes, float]]) -> None:
    tx.executemany("INSERT OR REPLACE INTO dynamodb_expiry (number, pk, sk, at) VALUES (?, ?, ?, ?)", expiries)


def follow(tx: Transaction, table: Table, attribute: str | None) -> Table:
    """Let the items of a table expire by ``attribute``, or no longer; the table as it is then."""
    tx.execute("DELETE FROM dynamodb_expiry WHERE number = ?", (table.number,))
    tx.execute("UPDATE dynamodb_table SET ttl_attribute = ? WHERE number = ?", (attribute, table.number))
    now = Table(table.number, table.name, table.settings, attribute)
    if attribute is not None:
        place: Columns | None = (b"", b"")
        while place is not None:
            place = _back_fill(tx, now, attribute, place)
    return now


def _back_fill(tx: Transaction, table: Table, attribute: str, after: Columns) -> Columns | None:
    """Keep the expiries of a slice of items; the key of its last one, None if there are no more."""
    found = tx.all(
        f"SELECT item, types, size, pk, sk FROM {table.sql_name} WHERE (pk, sk) > (?, ?) "  # noqa: S608
        f"ORDER BY pk, sk LIMIT {SLICE}",
        after,
    )
    expiries = [(row[3], row[4], expiry(attribute, rows.item_of(row).native)) for row in found]
    _keep(tx, table, [(table.number, pk, sk, at) for pk, sk, at in expiries if at is not None])
    return (found[-1][3], found[-1][4]) if found else None


async def sweep(ctx: Context) -> int:
    """Delete what has expired, slice by slice; how many items that were."""
    known, total = tables.of(ctx), 0
    while ctx.store.one(f"SELECT 1 {_DUE} LIMIT 1", _window(ctx.clock.now())):
        now = ctx.clock.now()
        deleted = await ctx.store.write(partial(_sweep, known, now=now), long=True)
        streams.announce(ctx, deleted)
        total += len(deleted)
    return total


def next_expiry(ctx: Context) -> float | None:
    """When the next item expires, by the emulator's clock; None if none does."""
    sql = "SELECT min(at) AS at FROM dynamodb_expiry WHERE at > ?"
    row = ctx.store.one(sql, (ctx.clock.now() - FIVE_YEARS,))
    return None if row is None or row["at"] is None else float(row["at"])


def _window(now: float) -> tuple[float, float]:
    return now, now - FIVE_YEARS


class _Deleted:
    """An item that expired, for the announcement."""

    def __init__(self, table: Table) -> None:
        self.table = table


def _sweep(known: Tables, tx: Transaction, now: float) -> list[_Deleted]:
    due = tx.all(f"SELECT number, pk, sk {_DUE} ORDER BY at LIMIT {SLICE}", _window(now))
    deleted = []
    laid_out: dict[int, Table] = {}
    for number, pk, sk in due:
        if number not in laid_out:
            row = tx.one("SELECT * FROM dynamodb_table WHERE number = ?", (number,))
            assert row is not None  # a dropped table takes its expiries along
            laid_out[number] = tables.of_row(row)
        table = laid_out[number]
        _expire(known, tx, table, (pk, sk), now)
        deleted.append(_Deleted(table))
    return deleted


def _expire(known: Tables, tx: Transaction, table: Table, key: Columns, now: float) -> None:
    old = rows.read(tx.one, table, key)
    rows.write(tx, table, key, old, None)
    tx.execute("DELETE FROM dynamodb_expiry WHERE number = ? AND pk = ? AND sk = ?", (table.number, *key))
    streams.record(tx, table, old, None, now, streams.TIME_TO_LIVE)
    rows.tell(known, tx, table, old, None)
