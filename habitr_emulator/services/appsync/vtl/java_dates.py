"""Dates in the patterns of Java's ``SimpleDateFormat``.

https://docs.oracle.com/javase/8/docs/api/java/text/SimpleDateFormat.html
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

_TOKEN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+")
_OFFSET = re.compile(r"(?:GMT|UTC)?([+-])(\d{1,2}):?(\d{2})?(?::?(\d{2}))?\Z")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MAX_PATTERN = 200


def zone(name: str | None) -> tzinfo:
    """A time zone by name (``Australia/Perth``) or offset (``+0200``, ``GMT+2``); raises ValueError."""
    if name in (None, "UTC", "GMT", "Z"):
        return UTC
    offset = _OFFSET.match(name or "")
    if offset is not None:
        hours, minutes, seconds = int(offset[2]), int(offset[3] or 0), int(offset[4] or 0)
        span = timedelta(hours=hours, minutes=minutes, seconds=seconds)
        return timezone(span if offset[1] == "+" else -span)
    try:
        return ZoneInfo(name or "")
    except (OSError, ValueError, KeyError) as error:
        raise ValueError(f"unknown time zone: {name}") from error


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970 of an aware datetime."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def format_milliseconds(at: float, pattern: str, zone_name: str | None = None) -> str:
    """Milliseconds since 1970 in a pattern. Raises ValueError for an unknown letter or a far away year."""
    try:
        moment = (_EPOCH + timedelta(milliseconds=at)).astimezone(zone(zone_name))
    except OverflowError as error:
        raise ValueError(f"{at} milliseconds are out of range") from error
    return "".join([_format(token, moment) for token in _tokens(pattern)])


def _tokens(pattern: str) -> list[tuple[str, int]]:
    """(letter, count), or (text, 0) for what stands for itself."""
    if len(pattern) > MAX_PATTERN:
        raise ValueError(f"a date pattern of more than {MAX_PATTERN} characters")
    found: list[tuple[str, int]] = []
    for token in _TOKEN.finditer(pattern):
        if token[2]:
            found.append((token[2], len(token[0])))
        elif token[1] is not None:
            found.append((token[1].replace("''", "'") or "'", 0))
        else:
            found.append((token[0], 0))
    return found


_NUMBERS: dict[str, Callable[[datetime], int]] = {
    "d": lambda moment: moment.day,
    "D": lambda moment: moment.timetuple().tm_yday,
    "H": lambda moment: moment.hour,
    "k": lambda moment: moment.hour or 24,
    "K": lambda moment: moment.hour % 12,
    "h": lambda moment: moment.hour % 12 or 12,
    "m": lambda moment: moment.minute,
    "s": lambda moment: moment.second,
    "S": lambda moment: moment.microsecond // 1000,
    "u": lambda moment: moment.isoweekday(),
    "w": lambda moment: moment.isocalendar()[1],
    "F": lambda moment: (moment.day - 1) // 7 + 1,
}


def _format(token: tuple[str, int], moment: datetime) -> str:
    letter, count = token
    if count == 0:
        return letter
    if letter in _NUMBERS:
        return str(_NUMBERS[letter](moment)).zfill(count)
    if letter in "yY":
        year = moment.year if letter == "y" else moment.isocalendar()[0]
        return f"{year % 100:02d}" if count == 2 else str(year).zfill(count)
    if letter in "ML":
        name = _MONTHS[moment.month - 1]
        return name if count >= 4 else name[:3] if count == 3 else str(moment.month).zfill(count)
    if letter == "E":
        return _DAYS[moment.weekday()] if count >= 4 else _DAYS[moment.weekday()][:3]
    if letter == "a":
        return "PM" if moment.hour >= 12 else "AM"
    return _format_zone(letter, count, moment)


def _format_zone(letter: str, count: int, moment: datetime) -> str:
    offset = moment.utcoffset() or timedelta()
    minutes = int(offset.total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    if letter == "X":
        short = f"{sign}{hours:02d}"
        return "Z" if not minutes else (short, f"{short}{rest:02d}", f"{short}:{rest:02d}")[min(count, 3) - 1]
    if letter == "Z":
        return f"{sign}{hours:02d}{rest:02d}"
    if letter == "z":
        return moment.tzname() or "UTC"
    if letter == "G":
        return "AD"
    raise ValueError(f"Illegal pattern character '{letter}'")


_PARSED = {"d": "day", "H": "hour", "k": "hour", "m": "minute", "s": "second", "h": "half", "K": "half"}


def parse(text: str, pattern: str, zone_name: str | None = None) -> int:
    """A text in a pattern as milliseconds since 1970. Raises ValueError if it does not fit."""
    fields: dict[str, Any] = {}
    position = 0
    tokens = _tokens(pattern)
    for at, (letter, count) in enumerate(tokens):
        adjoining = at + 1 < len(tokens) and tokens[at + 1][1] > 0
        if count == 0:
            if not text.startswith(letter, position):
                raise ValueError(f'Unparseable date: "{text}"')
            position += len(letter)
        else:
            position = _read(text, position, (letter, count if adjoining else 0), fields)
    return milliseconds(_moment(fields, zone(zone_name), text))


def _read(text: str, position: int, token: tuple[str, int], fields: dict[str, Any]) -> int:
    letter, width = token
    if letter in "Ea" or (letter == "M" and not text[position : position + 1].isdigit()):
        word = re.compile(r"[A-Za-z]+").match(text, position)
        if word is not None:
            fields[letter] = word[0].lower()
            return word.end()
    elif letter in "XZz":
        word = re.compile(r"Z|(?:GMT|UTC)?[+-]\d{1,2}:?\d{0,2}|[A-Za-z_/]+").match(text, position)
        if word is not None:
            fields["zone"] = zone(word[0])
            return word.end()
    elif letter in _PARSED or letter in "yMSL":
        digits = re.compile(rf"\d{{1,{width or 9}}}").match(text, position)
        if digits is not None:
            fields[_PARSED.get(letter, letter)] = int(digits[0])
            return digits.end()
    else:
        raise ValueError(f"Illegal pattern character '{letter}'")
    raise ValueError(f'Unparseable date: "{text}"')


def _moment(fields: dict[str, Any], default: tzinfo, text: str) -> datetime:
    month = fields.get("M", fields.get("L", 1))
    if isinstance(month, str):
        month = next((at + 1 for at, name in enumerate(_MONTHS) if name.lower().startswith(month)), 0)
    hour = fields.get("hour", 0) % 24
    if "half" in fields:
        hour = fields["half"] % 12 + (12 if fields.get("a") == "pm" else 0)
    try:
        start = datetime(
            fields.get("y", 1970), month, fields.get("day", 1), hour, tzinfo=fields.get("zone", default)
        )
        return start + timedelta(
            minutes=fields.get("minute", 0), seconds=fields.get("second", 0), milliseconds=fields.get("S", 0)
        )
    except (ValueError, OverflowError) as error:
        raise ValueError(f'Unparseable date: "{text}"') from error
