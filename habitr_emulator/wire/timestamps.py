"""Timestamps on the wire: ISO 8601, RFC 1123 and seconds since 1970."""

import re
from calendar import timegm
from email.utils import parsedate_tz
from math import isfinite

from habitr_emulator.kernel.clock import http_date, iso8601
from habitr_emulator.wire.model import UnparsableInput

_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII | re.I
)


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
    zone = found[8] or "Z"
    ahead = 0
    if zone not in "Zz":
        digits = zone[1:].replace(":", "")
        ahead = (int(digits[:2]) * 3600 + int(digits[2:]) * 60) * (-1 if zone[0] == "-" else 1)
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 61):
        return None
    return timegm((year, month, day, hour, minute, second)) + float(found[7] or 0) - ahead


def _rfc(text: str) -> float | None:
    parsed = parsedate_tz(text)
    if parsed is None:
        return None
    try:
        return float(timegm(parsed[:6]) - (parsed[9] or 0))
    except (ValueError, OverflowError):
        return None
