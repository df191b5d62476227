"""Log groups and log streams.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.logs.errors import InvalidParameterException, ResourceNotFoundException

PAGE = 50


def name_of(request: Mapping[str, Any]) -> str:
    """The group that a request names, or whose ARN it gives; raises InvalidParameterException."""
    name, identifier = request.get("logGroupName"), request.get("logGroupIdentifier")
    if bool(name) == bool(identifier):
        raise InvalidParameterException("Exactly one of logGroupName and logGroupIdentifier must be given.")
    if name:
        return str(name)
    return str(identifier).partition(":log-group:")[2].removesuffix(":*") or str(identifier)


def arn(ctx: Context, name: str) -> str:
    """The ARN of a group; policies and DescribeLogGroups have it with ``:*``."""
    return ctx.account.arn("logs", f"log-group:{name}")


def arn_of(request: Mapping[str, Any], ctx: Context) -> str:
    """The ARN of the group that a request names, for policies."""
    return f"{arn(ctx, name_of(request))}:*"


def stream_arn_of(request: Mapping[str, Any], ctx: Context) -> str:
    """The ARN of the stream that a request names, for policies."""
    return f"{arn(ctx, name_of(request))}:log-stream:{request['logStreamName']}"


def check(tx: Transaction, group: str, stream: str | None = None) -> None:
    """Inside a write: raise ResourceNotFoundException unless the group (and the stream) exists."""
    if tx.one("SELECT 1 FROM logs_group WHERE name = ?", (group,)) is None:
        raise missing("group")
    if stream is not None and tx.one(_STREAM, (group, stream)) is None:
        raise missing("stream")


_STREAM = "SELECT * FROM logs_stream WHERE group_name = ? AND name = ?"


def require(ctx: Context, group: str, stream: str | None = None) -> None:
    """Raise ResourceNotFoundException unless the group (and the stream) exists."""
    if ctx.store.one("SELECT 1 FROM logs_group WHERE name = ?", (group,)) is None:
        raise missing("group")
    if stream is not None and ctx.store.one(_STREAM, (group, stream)) is None:
        raise missing("stream")


def missing(what: str) -> ResourceNotFoundException:
    """AWS's answer for a name that is nothing's."""
    return ResourceNotFoundException(f"The specified log {what} does not exist.")


def shown_group(ctx: Context, row: Row) -> dict[str, Any]:
    """A group as DescribeLogGroups answers with it."""
    size = "SELECT coalesce(sum(length(message) + 26), 0) AS bytes FROM logs_event WHERE group_name = ?"
    stored = ctx.store.all(size, (row["name"],))[0]["bytes"]
    return {
        "logGroupName": row["name"],
        "creationTime": int(row["created"] * 1000),
        "metricFilterCount": 0,
        "arn": f"{arn(ctx, row['name'])}:*",
        "logGroupArn": arn(ctx, row["name"]),
        "storedBytes": stored,
        "logGroupClass": "STANDARD",
        **({"retentionInDays": row["retention_days"]} if row["retention_days"] else {}),
    }


def shown_stream(ctx: Context, row: Row) -> dict[str, Any]:
    """A stream as DescribeLogStreams answers with it."""
    times = {"firstEventTimestamp": "first_event", "lastEventTimestamp": "last_event"}
    return {
        "logStreamName": row["name"],
        "creationTime": int(row["created"] * 1000),
        "arn": f"{arn(ctx, row['group_name'])}:log-stream:{row['name']}",
        "storedBytes": 0,
        **{shown: row[column] for shown, column in times.items() if row[column] is not None},
        **({"lastIngestionTime": row["last_ingestion"]} if row["last_ingestion"] is not None else {}),
    }


def page(name: str, items: Sequence[Any], request: Mapping[str, Any]) -> dict[str, Any]:
    """The page of a list that a request asks for; the token is the place of its first item."""
    start = offset(request.get("nextToken"))
    end = start + (request.get("limit") or PAGE)
    answer = {name: list(items[start:end])}
    return {**answer, "nextToken": token(end)} if end < len(items) else answer


def token(place: int) -> str:
    """An opaque token for a place."""
    return base64.urlsafe_b64encode(f"{place}".encode()).decode().rstrip("=")


def offset(given: str | None) -> int:
    """The place of a token; raises InvalidParameterException."""
    if not given:
        return 0
    try:
        return int(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)).decode("ascii"))
    except ValueError:
        raise InvalidParameterException("The specified nextToken is invalid.") from None
