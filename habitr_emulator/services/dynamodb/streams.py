"""Streams: what writes leave behind for consumers, in the transaction of the write.

A record keeps one day by the emulator's clock. Sequence numbers are the rows' own, across all streams, so that
the records of one transaction stand together.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import orjson

from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb.access import arn_of
from habitr_emulator.services.dynamodb.errors import ResourceNotFoundException
from habitr_emulator.services.dynamodb.expressions.comparison import same
from habitr_emulator.services.dynamodb.rows import Stored
from habitr_emulator.services.dynamodb.sizes import item_size
from habitr_emulator.services.dynamodb.tables import Table
from habitr_emulator.wire.attribute_value import Item, split

#: The topic on which a stream's ARN is published after a commit that wrote to it.
TOPIC = "dynamodb.stream"
RETENTION = 86_400.0
#: The oldest records of all streams together give way beyond this count.
MOST_RECORDS = 1_000_000
#: Who deletes expired items, as records name it.
TIME_TO_LIVE = {"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"}

_OLD_IMAGES = ("OLD_IMAGE", "NEW_AND_OLD_IMAGES")
_NEW_IMAGES = ("NEW_IMAGE", "NEW_AND_OLD_IMAGES")
_ARN = re.compile(r"(arn:[^:]*:dynamodb:[^:]*:[^:]*:table/([^/]+))/stream/([^/]+)")
_INSERT = (
    "INSERT INTO dynamodb_stream_record (stream, at, record) "
    "SELECT number, ?, ? FROM dynamodb_stream WHERE table_name = ? AND label = ? AND ended IS NULL"
)


def arn(ctx: Context, table_name: str, label: str) -> str:
    """The ARN of a stream."""
    return f"{arn_of(ctx, table_name)}/stream/{label}"


def require(ctx: Context, stream_arn: str) -> Row:
    """The stream of an ARN, ended or not. Raises ResourceNotFoundException."""
    match = _ARN.fullmatch(stream_arn)
    row = None
    if match is not None and match[1] == arn_of(ctx, match[2]):
        row = ctx.store.one("SELECT * FROM dynamodb_stream WHERE table_name = ? AND label = ?", match.group(2, 3))
    if row is None:
        raise ResourceNotFoundException(f"Requested resource not found: Stream: {stream_arn} not found")
    return row


def follow(tx: Transaction, before: Table | None, after: Table | None, now: float) -> None:
    """Called when a table is laid out: begin the stream that ``after`` has, end the one it has no longer."""
    old = before.stream if before else None
    new = after.stream if after else None
    if old == new:
        return
    seen = tx.one("SELECT seq FROM sqlite_sequence WHERE name = 'dynamodb_stream_record'")
    last = seen["seq"] if seen else 0
    if before and old:
        tx.execute(
            "UPDATE dynamodb_stream SET ended = ?, last = ? WHERE table_name = ? AND label = ?",
            (now, last, before.name, old[0]),
        )
    if after and new:
        key_schema = orjson.dumps(after.settings["KeySchema"]).decode()
        tx.execute(
            "INSERT OR REPLACE INTO dynamodb_stream (table_name, label, view, key_schema, began, started) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (after.name, *new, key_schema, now, last + 1),
        )


def record(
    tx: Transaction,
    table: Table,
    old: Stored | None,
    new: Stored | None,
    now: float,
    user_identity: Mapping[str, str] | None = None,
) -> None:
    """Add the record of a write to a table with a stream; none if nothing changed. ``now`` is its time."""
    written = new or old
    if table.stream is None or written is None or (old and new and _alike(old.item, new.item)):
        return
    label, view = table.stream
    native = written.item.native
    keys = {name: native[name] for name in table.key_names}
    kept: dict[str, Any] = {
        "eventName": "MODIFY" if old and new else "INSERT" if new else "REMOVE",
        "Keys": split(keys),
        "SizeBytes": item_size(keys),
    }
    for member, stored, views in (("NewImage", new, _NEW_IMAGES), ("OldImage", old, _OLD_IMAGES)):
        if stored is not None and view in views:
            kept[member] = (stored.item.plain, stored.item.types)
            kept["SizeBytes"] += stored.size
    if user_identity:
        kept["userIdentity"] = user_identity
    tx.execute(_INSERT, (now, orjson.dumps(kept).decode(), table.name, label))


def _alike(old: Item, new: Item) -> bool:
    """Whether two items are the same. Without sets, JSON that differs tells at once that they are not."""
    if old.types is None and new.types is None and old.plain != new.plain:
        return False
    return same(old.native, new.native)


class Written(Protocol):
    """A write that was committed."""

    @property
    def table(self) -> Table:
        """Where."""


def announce(ctx: Context, outcomes: Iterable[Written]) -> None:
    """Tell consumers in this process, after the commit, that the tables of ``outcomes`` were written to."""
    for name, label in {(each.table.name, each.table.stream[0]) for each in outcomes if each.table.stream}:
        ctx.account.bus.publish(TOPIC, arn(ctx, name, label))


def overdue(ctx: Context) -> bool:
    """Whether there is anything for ``trim`` to take: the oldest record tells."""
    horizon = ctx.clock.now() - RETENTION
    return bool(
        ctx.store.one(
            "SELECT 1 WHERE (SELECT at FROM dynamodb_stream_record ORDER BY sequence LIMIT 1) <= :horizon "
            "OR EXISTS (SELECT 1 FROM dynamodb_stream WHERE ended <= :horizon) "
            "OR (SELECT max(sequence) FROM dynamodb_stream_record) "
            "- (SELECT min(sequence) FROM dynamodb_stream_record) >= :most",
            {"horizon": horizon, "most": MOST_RECORDS},
        )
    )


def trim(tx: Transaction, now: float) -> None:
    """Take what is older than a day, what is beyond the count, and streams that ended a day ago."""
    horizon = now - RETENTION
    newest = tx.one("SELECT coalesce(max(sequence), 0) FROM dynamodb_stream_record")
    kept = tx.one("SELECT sequence FROM dynamodb_stream_record WHERE at > ? ORDER BY sequence LIMIT 1", (horizon,))
    last = newest[0] if newest else 0
    gone = max(last if kept is None else kept[0] - 1, last - MOST_RECORDS)
    tx.execute(
        "UPDATE dynamodb_stream SET trimmed = max(trimmed, coalesce((SELECT max(sequence) "
        "FROM dynamodb_stream_record WHERE stream = number AND sequence <= ?), 0))",
        (gone,),
    )
    tx.execute("DELETE FROM dynamodb_stream_record WHERE sequence <= ?", (gone,))
    tx.execute("DELETE FROM dynamodb_stream WHERE ended <= ?", (horizon,))
