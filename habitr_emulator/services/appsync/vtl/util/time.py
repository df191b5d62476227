"""``$util.time``: the emulator's clock, and dates in Java's patterns.

https://docs.aws.amazon.com/appsync/latest/devguide/time-helpers-in-util-time.html
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from habitr_emulator.services.appsync.spec import ResolverContext
from habitr_emulator.services.appsync.vtl import java_dates

_MILLISECOND = 1000


def now_milliseconds(ctx: ResolverContext) -> int:
    """Milliseconds since 1970 by the resolver's clock."""
    return iso_to_milliseconds(ctx.now_iso())


def iso_to_milliseconds(text: str) -> int:
    """ISO 8601 to milliseconds since 1970; a time without offset is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return java_dates.milliseconds(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def milliseconds_to_iso(milliseconds: int) -> str:
    """Milliseconds since 1970 as ``2018-02-06T19:01:35.749Z``."""
    return java_dates.format_milliseconds(milliseconds, "yyyy-MM-dd'T'HH:mm:ss.SSSX", "UTC")


PURE: dict[str, Callable[..., Any]] = {
    "parseISO8601ToEpochMilliSeconds": iso_to_milliseconds,
    "parseFormattedToEpochMilliSeconds": lambda text, pattern, zone=None: java_dates.parse(text, pattern, zone),
    "epochMilliSecondsToSeconds": lambda milliseconds: milliseconds // _MILLISECOND,
    "epochMilliSecondsToISO8601": milliseconds_to_iso,
    "epochMilliSecondsToFormatted": lambda at, pattern, zone="UTC": java_dates.format_milliseconds(
        at, pattern, zone
    ),
}
BOUND: dict[str, Callable[..., Any]] = {
    "nowISO8601": lambda ctx: ctx.now_iso(),
    "nowEpochSeconds": lambda ctx: now_milliseconds(ctx) // _MILLISECOND,
    "nowEpochMilliSeconds": now_milliseconds,
    "nowFormatted": lambda ctx, pattern, zone="UTC": java_dates.format_milliseconds(
        now_milliseconds(ctx), pattern, zone
    ),
}
