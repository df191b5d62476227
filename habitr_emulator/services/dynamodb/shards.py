"""Reading streams: one open shard a stream, iterators that say where to go on, pages of records.

An iterator is a position after a sequence number, with the time it was given; it is good for 15 minutes.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from habitr_emulator.kernel.ids import derived
from habitr_emulator.kernel.store import Row
from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import streams
from habitr_emulator.services.dynamodb.errors import (
    ExpiredIteratorException,
    ResourceNotFoundException,
    TrimmedDataAccessException,
    ValidationException,
)
from habitr_emulator.wire.attribute_value import Item

ITERATOR_SECONDS = 900.0
MOST_RECORDS = 1000
LARGEST_PAGE = 1 << 20
_FIRST_SEQUENCE = 10**20

Request = Mapping[str, Any]
Output = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Iterator:
    """A position in a stream: behind sequence number ``after``, given at ``at`` (seconds)."""

    stream_arn: str
    number: int
    after: int
    at: float

    def text(self) -> str:
        """What a client is given."""
        place = f"{self.number}|{self.after}|{self.at}".encode()
        return f"{self.stream_arn}|1|{urlsafe_b64encode(place).decode()}"


def iterator_of(text: str) -> Iterator:
    """The iterator that a client brings back. Raises ValidationException."""
    arn, _, rest = text.partition("|1|")
    try:
        number, after, at = urlsafe_b64decode(rest).decode().split("|")
        return Iterator(arn, int(number), int(after), float(at))
    except (binascii.Error, ValueError):
        raise ValidationException("Invalid ShardIterator") from None  # guess: wording


def sequence_text(sequence: int) -> str:
    """A sequence number as clients see it: 21 digits."""
    return str(_FIRST_SEQUENCE + sequence)


def shard_id(ctx: Context, stream: Row) -> str:
    """The id of a stream's one shard, made of when it began."""
    return f"shardId-{stream['number']:020d}-{derived('dynamodb-shard', stream['label']) % 16**8:08x}"


def shard(ctx: Context, stream: Row) -> Output:
    """The shard as DescribeStream shows it; a stream that ended has an ending number."""
    numbers = {"StartingSequenceNumber": sequence_text(stream["started"])}
    if stream["ended"] is not None:
        numbers["EndingSequenceNumber"] = sequence_text(max(stream["last"], stream["started"]))
    return {"ShardId": shard_id(ctx, stream), "SequenceNumberRange": numbers}


def start(ctx: Context, request: Request) -> Iterator:
    """The iterator that a GetShardIterator request asks for.

    Raises ResourceNotFoundException, TrimmedDataAccessException, ValidationException.
    """
    stream = streams.require(ctx, request["StreamArn"])
    if request["ShardId"] != shard_id(ctx, stream):
        raise ResourceNotFoundException(
            f"Requested resource not found: Shard: {request['ShardId']} in Stream: {request['StreamArn']} "
            "not found"
        )
    after = _position(ctx, stream, request)
    return Iterator(request["StreamArn"], stream["number"], after, ctx.clock.now())


def _position(ctx: Context, stream: Row, request: Request) -> int:
    kind = request["ShardIteratorType"]
    if kind == "TRIM_HORIZON":
        return 0
    if kind == "LATEST":
        return _newest(ctx, stream)
    if kind == "AT_TIMESTAMP":
        return _before(ctx, stream, request)
    if not request.get("SequenceNumber"):
        raise ValidationException(f"SequenceNumber is required for ShardIteratorType {kind}")  # guess: wording
    sequence = _sequence(stream, request["SequenceNumber"])
    if sequence <= stream["trimmed"]:
        raise TrimmedDataAccessException
    return sequence if kind == "AFTER_SEQUENCE_NUMBER" else sequence - 1


def _newest(ctx: Context, stream: Row) -> int:
    sql = "SELECT max(sequence) FROM dynamodb_stream_record WHERE stream = ?"
    row = ctx.store.one(sql, (stream["number"],))
    newest = (row and row[0]) or 0
    return int(max(newest, stream["trimmed"], stream["started"] - 1))


def _before(ctx: Context, stream: Row, request: Request) -> int:
    if request.get("Timestamp") is None:
        raise ValidationException("Timestamp is required for ShardIteratorType AT_TIMESTAMP")  # guess: wording
    sql = "SELECT min(sequence) FROM dynamodb_stream_record WHERE stream = ? AND at >= ?"
    row = ctx.store.one(sql, (stream["number"], request["Timestamp"]))
    first = int((row and row[0]) or 0)
    return first - 1 if first else _newest(ctx, stream)


def _sequence(stream: Row, text: str) -> int:
    """The row number of a sequence number of this stream."""
    sequence = int(text) - _FIRST_SEQUENCE if text.isascii() and text.isdigit() else -1
    if sequence < stream["started"] - 1:
        raise ValidationException("Invalid SequenceNumber", why="the stream has no such number")  # guess: wording
    return sequence


async def read(ctx: Context, iterator: Iterator, limit: int) -> Output:
    """``{"Records": […], "NextShardIterator"?}``; no next iterator at the end of a stream that ended.

    The emulator's own consumers are not held to an iterator's age.
    Raises ExpiredIteratorException, TrimmedDataAccessException, ResourceNotFoundException.
    """
    now = ctx.clock.now()
    if ctx.caller.kind != "service" and now - iterator.at > ITERATOR_SECONDS:
        raise ExpiredIteratorException
    if streams.overdue(ctx):
        await ctx.store.write(lambda tx: streams.trim(tx, now), long=True)
    stream = streams.require(ctx, iterator.stream_arn)
    if stream["number"] != iterator.number:
        raise ExpiredIteratorException(why="the stream began anew since the iterator was given")
    if 0 < iterator.after < stream["trimmed"]:
        raise TrimmedDataAccessException
    found = _page(ctx, iterator, limit)
    last = found[-1]["sequence"] if found else iterator.after
    output: Output = {"Records": [_record(ctx, stream, row) for row in found]}
    if stream["ended"] is None or last < _newest(ctx, stream):
        output["NextShardIterator"] = Iterator(iterator.stream_arn, iterator.number, last, now).text()
    return output


def _page(ctx: Context, iterator: Iterator, limit: int) -> list[Row]:
    sql = "SELECT * FROM dynamodb_stream_record WHERE stream = ? AND sequence > ? ORDER BY sequence LIMIT ?"
    found: list[Row] = []
    size = 0
    for row in ctx.store.rows(sql, (iterator.number, iterator.after, min(limit, MOST_RECORDS))):
        size += len(row["record"])
        if found and size > LARGEST_PAGE:
            break
        found.append(row)
    return found


def _record(ctx: Context, stream: Row, row: Row) -> Output:
    kept = orjson.loads(row["record"])
    for member in ("Keys", "NewImage", "OldImage"):
        if member in kept:
            kept[member] = Item(*kept[member]).typed
    number = derived("dynamodb-event", stream["label"], str(row["sequence"]))
    shown = {
        "eventID": f"{number >> 128:032x}",
        "eventName": kept.pop("eventName"),
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": ctx.account.region,
    }
    identity = kept.pop("userIdentity", None)
    if identity:
        shown["userIdentity"] = identity
    shown["dynamodb"] = {
        "ApproximateCreationDateTime": float(int(row["at"])),
        **kept,
        "SequenceNumber": sequence_text(row["sequence"]),
        "StreamViewType": stream["view"],
    }
    return shown


def describe(stream_arn: str, stream: Row) -> Output:
    """The StreamDescription of a stream, without its shards."""
    return {
        "StreamArn": stream_arn,
        "StreamLabel": stream["label"],
        "StreamStatus": "ENABLED" if stream["ended"] is None else "DISABLED",
        "StreamViewType": stream["view"],
        "CreationRequestDateTime": stream["began"],
        "TableName": stream["table_name"],
        "KeySchema": orjson.loads(stream["key_schema"]),
    }
