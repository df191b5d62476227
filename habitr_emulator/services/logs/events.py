"""Log events: written in batches, read by stream or by group."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.logs import filter_pattern, groups
from habitr_emulator.services.logs.errors import InvalidParameterException

#: A group keeps so many of its newest events, whatever its retention.
KEPT = 50_000
PAGE = 10_000
#: So many events of a group are looked at for one page of FilterLogEvents.
LOOKED_AT = 20_000
_DAY = 86_400_000
_INSERT = "INSERT INTO logs_event (group_name, stream_name, at, ingested, message) VALUES (?, ?, ?, ?, ?)"
_TOUCH = """UPDATE logs_stream SET first_event = min(coalesce(first_event, :first), :first),
  last_event = max(coalesce(last_event, :last), :last), last_ingestion = :now
  WHERE group_name = :group AND name = :stream"""


_END = 2**62
_OF_STREAM = """SELECT * FROM logs_event WHERE group_name = :group AND stream_name = :stream
  AND at >= :start AND at < :end AND (at, id)"""
_FORWARD = f"{_OF_STREAM} > (:at, :id) ORDER BY at, id LIMIT :limit"
_BACKWARD = f"{_OF_STREAM} < (:at, :id) ORDER BY at DESC, id DESC LIMIT :limit"


async def put(ctx: Context, group: str, stream: str, added: Sequence[Mapping[str, Any]]) -> None:
    """Add events; raises ResourceNotFoundException, InvalidParameterException."""
    if any(before["timestamp"] > after["timestamp"] for before, after in pairwise(added)):
        raise InvalidParameterException(
            "Log events in a single PutLogEvents request must be in chronological order."
        )
    now = int(ctx.clock.now() * 1000)
    rows = [(group, stream, each["timestamp"], now, each["message"]) for each in added]

    def write(tx: Transaction) -> None:
        groups.check(tx, group, stream)
        if not rows:
            return
        tx.executemany(_INSERT, rows)
        times = {"first": rows[0][2], "last": rows[-1][2], "now": now, "group": group, "stream": stream}
        tx.execute(_TOUCH, times)
        _trim(tx, group, now)

    await ctx.store.write(write)


def _trim(tx: Transaction, group: str, now: int) -> None:
    row = tx.one("SELECT retention_days FROM logs_group WHERE name = ?", (group,))
    if row is not None and row["retention_days"]:
        oldest = now - row["retention_days"] * _DAY
        tx.execute("DELETE FROM logs_event WHERE group_name = ? AND at < ?", (group, oldest))
    last = "SELECT id FROM logs_event WHERE group_name = ? ORDER BY at DESC, id DESC LIMIT 1 OFFSET ?"
    full = tx.one(last, (group, KEPT))
    if full is not None:
        tx.execute("DELETE FROM logs_event WHERE group_name = ? AND id <= ?", (group, full["id"]))


def page_of_stream(ctx: Context, group: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """GetLogEvents: tokens are ``f/`` or ``b/``, and time and id of the event where the page ends."""
    stream, limit = request["logStreamName"], request.get("limit") or PAGE
    groups.require(ctx, group, stream)
    forward, (at, beyond) = _direction(request)
    names = {**_bounds(request), "group": group, "stream": stream, "at": at, "id": beyond, "limit": limit}
    rows = ctx.store.all(_FORWARD, names) if forward else ctx.store.all(_BACKWARD, names)[::-1]
    first, last = (_place(rows[0]), _place(rows[-1])) if rows else ((at, beyond), (at, beyond))
    return {
        "events": [
            {"timestamp": row["at"], "message": row["message"], "ingestionTime": row["ingested"]} for row in rows
        ],
        "nextForwardToken": f"f/{last[0]:028d}{last[1]:028d}",
        "nextBackwardToken": f"b/{first[0]:028d}{first[1]:028d}",
    }


def _place(row: Row) -> tuple[int, int]:
    return row["at"], row["id"]


def _direction(request: Mapping[str, Any]) -> tuple[bool, tuple[int, int]]:
    """Whether later events are asked for (else earlier ones), and the time and id from which on."""
    token = request.get("nextToken")
    if not token:
        return (True, (-1, -1)) if request.get("startFromHead") else (False, (_END, _END))
    kind, _, place = token.partition("/")
    if kind not in ("f", "b") or not re.fullmatch("[0-9-]{56}", place, re.ASCII):
        raise InvalidParameterException("The specified nextToken is invalid.")
    try:
        return kind == "f", (min(int(place[:28]), _END), min(int(place[28:]), _END))
    except ValueError:
        raise InvalidParameterException("The specified nextToken is invalid.") from None


def _bounds(request: Mapping[str, Any]) -> dict[str, int]:
    end = request.get("endTime")
    return {"start": request.get("startTime") or 0, "end": _END if end is None else end}


def filtered(ctx: Context, group: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """FilterLogEvents: events of the group (or of some streams) by time that match ``filterPattern``."""
    groups.require(ctx, group)
    matches = filter_pattern.compiled(request.get("filterPattern") or "")
    streams, prefix = set(request.get("logStreamNames") or ()), request.get("logStreamNamePrefix") or ""
    limit, start = request.get("limit") or PAGE, groups.offset(request.get("nextToken"))
    rows = ctx.store.all(
        "SELECT * FROM logs_event WHERE group_name = :group AND at >= :start AND at < :end"
        " ORDER BY at, id LIMIT :limit OFFSET :offset",
        {**_bounds(request), "group": group, "limit": LOOKED_AT, "offset": start},
    )
    found: list[dict[str, Any]] = []
    for place, row in enumerate(rows, start + 1):
        named = not streams or row["stream_name"] in streams
        if named and row["stream_name"].startswith(prefix) and matches(row["message"]):
            found.append(_shown(row))
        if len(found) == limit:
            return {"events": found, "searchedLogStreams": [], "nextToken": groups.token(place)}
    more = {"nextToken": groups.token(start + len(rows))} if len(rows) == LOOKED_AT else {}
    return {"events": found, "searchedLogStreams": [], **more}


def _shown(row: Row) -> dict[str, Any]:
    return {
        "logStreamName": row["stream_name"],
        "timestamp": row["at"],
        "message": row["message"],
        "ingestionTime": row["ingested"],
        "eventId": f"{row['id']:056d}",
    }
