"""Timestamps on the wire: ISO 8601, RFC 1123 and seconds since 1970."""

import re
from datetime import UTC, datetime
from math import isfinite

from habitr_emulator.kernel.clock import http_date, iso8601
from habitr_emulator.wire.model import UnparsableInput

_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII | re.I
)

_RFC = re.compile(
    r"(?:[a-z]{3},? +)?(\d{1,2})[ -]([a-z]{3})[ -](\d{4}) +(\d\d):(\d\d):(\d\d) +(GMT|UTC|Z|[+-]\d{4})",
    re.ASCII | re.I,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def parse_timestamp(text: str, style: str = "") -> float:
    """Seconds since 1970; ``style`` is ``iso8601``, ``rfc822``, ``unixTimestamp`` or "" for whichever it is.

    Raises UnparsableInput.
    """
    text = text.strip()
    number = _number(text) if style in ("", "unixTimestamp") else None
    seconds = number if number is not None else _iso(text)
    seconds = seconds if seconds is not None else _rfc(text)
    if seconds is None:
        raise UnparsableInput(f"Timestamp format is not supported: {text[:64]}")
    return seconds


def format_timestamp(seconds: float, style: str) -> str:
    """Seconds since 1970 in a style; whole seconds in ``rfc822``, milliseconds in ``iso8601``."""
    if style == "rfc822":
        return http_date(seconds)
    if style == "unixTimestamp":
        return str(int(seconds)) if seconds == int(seconds) else repr(seconds)
    return iso8601(seconds)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _iso(text: str) -> float | None:
    found = _ISO.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    return _seconds((year, month, day, hour, minute, second), float(found[7] or 0) - _ahead(found[8] or "Z"))


def _rfc(text: str) -> float | None:
    found = _RFC.fullmatch(text)
    if found is None or found[2].lower() not in _MONTHS:
        return None
    month = _MONTHS.index(found[2].lower()) + 1
    day, year, hour, minute, second = (int(found[number]) for number in (1, 3, 4, 5, 6))
    return _seconds((year, month, day, hour, minute, second), -_ahead(found[7]))


def _seconds(parts: tuple[int, int, int, int, int, int], more: float) -> float | None:
    try:
        return datetime(*parts, tzinfo=UTC).timestamp() + more
    except ValueError:
        return None


def _ahead(zone: str) -> int:
    """How many seconds a zone (``Z``, ``GMT``, ``+01:00``) is ahead of UTC."""
    if zone[0] not in "+-":
        return 0
    digits = zone[1:].replace(":", "")
    return (int(digits[:2]) * 3600 + int(digits[2:]) * 60) * (-1 if zone[0] == "-" else 1)
