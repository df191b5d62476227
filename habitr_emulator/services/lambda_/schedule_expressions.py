"""Schedule expressions of EventBridge: ``rate(5 minutes)``, ``cron(minutes hours day month weekday year)``. Pure.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
"""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

_RATE = re.compile(r"rate\((\d{1,9}) (minute|minutes|hour|hours|day|days)\)")
_CRON = re.compile(r"cron\(([^)]*)\)")
_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}
_MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}
_WEEKDAYS = {name: number for number, name in enumerate(("Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"), 1)}
_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_OnDay = Callable[[date], bool]


class InvalidSchedule(ValueError):
    """The text is no schedule expression; the message says why."""


class Schedule(Protocol):
    """When something is due."""

    def after(self, moment: float) -> float | None:
        """The next time (seconds since 1970) later than ``moment``; None if it never comes."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Again and again after so many seconds."""

    seconds: int

    def after(self, moment: float) -> float:
        """One period later."""
        return moment + self.seconds


@dataclass(frozen=True, slots=True)
class Cron:
    """Minutes, hours, months and years by number; ``on_day`` decides about days."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    months: tuple[int, ...]
    years: tuple[int, ...]
    on_day: _OnDay

    def after(self, moment: float) -> float | None:
        """The next minute that fits."""
        now = datetime.fromtimestamp(moment, UTC)
        for day in self._days(now.date()):
            for hour in self.hours:
                for minute in self.minutes:
                    due = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
                    if due > now:
                        return due.timestamp()
        return None

    def _days(self, start: date) -> Iterator[date]:
        for year in self.years:
            for month in self.months:
                if (year, month) < (start.year, start.month):
                    continue
                for number in range(1, calendar.monthrange(year, month)[1] + 1):
                    day = date(year, month, number)
                    if day >= start and self.on_day(day):
                        yield day


def parse(expression: str) -> Schedule:
    """The schedule of an expression; raises InvalidSchedule."""
    text = expression.strip()
    rate, cron = _RATE.fullmatch(text), _CRON.fullmatch(text)
    if rate:
        return _rate(int(rate[1]), rate[2])
    if cron:
        return _cron(cron[1].split())
    raise InvalidSchedule(f"neither rate(…) nor cron(…): {expression}")


def _rate(count: int, unit: str) -> Rate:
    if count == 0 or (count == 1) == unit.endswith("s"):
        raise InvalidSchedule(f"a rate is 1 minute, 5 minutes …, not: {count} {unit}")
    return Rate(count * _SECONDS[unit.removesuffix("s")])


def _cron(fields: list[str]) -> Cron:
    if len(fields) != 6:
        raise InvalidSchedule(f"cron has six fields, these are {len(fields)}")
    minutes, hours, day, month, weekday, year = fields
    if (day == "?") == (weekday == "?"):
        raise InvalidSchedule("exactly one of day of month and day of week is ?")
    return Cron(
        _numbers(minutes, 0, 59),
        _numbers(hours, 0, 23),
        _numbers(month, 1, 12, _MONTHS),
        _numbers(year, _FIRST_YEAR, _LAST_YEAR),
        _day_of_month(day) if weekday == "?" else _day_of_week(weekday),
    )


def _numbers(text: str, low: int, high: int, names: dict[str, int] | None = None) -> tuple[int, ...]:
    """The numbers that a field of lists, ranges and steps means."""
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        if span == "*":
            start, end = low, high
        else:
            start = _number(first, low, high, names)
            end = _number(last, low, high, names) if dash else (high if step else start)
        every = _number(step, 1, high, None) if step else 1
        if end < start:
            raise InvalidSchedule(f"a range that ends before it begins: {part}")
        found |= set(range(start, end + 1, every))
    return tuple(sorted(found))


def _number(text: str, low: int, high: int, names: dict[str, int] | None) -> int:
    number = (names or {}).get(text.capitalize())
    if number is None and text.isascii() and text.isdecimal() and len(text) < 6:
        number = int(text)
    if number is None or not low <= number <= high:
        raise InvalidSchedule(f"not between {low} and {high}: {text}")
    return number


def _day_of_month(text: str) -> _OnDay:
    if text == "L":
        return lambda day: day.day == calendar.monthrange(day.year, day.month)[1]
    if text.endswith("W"):
        wanted = _number(text[:-1], 1, 31, None)
        return lambda day: day == _nearest_weekday(day.year, day.month, wanted)
    numbers = _numbers(text, 1, 31)
    return lambda day: day.day in numbers


def _nearest_weekday(year: int, month: int, wanted: int) -> date | None:
    """The weekday of the month that is nearest to a day of it."""
    last = calendar.monthrange(year, month)[1]
    if wanted > last:
        return None
    shift = {5: -1, 6: 1}.get(date(year, month, wanted).weekday(), 0)
    day = wanted + shift
    return date(year, month, day + (3 if day < 1 else -3 if day > last else 0))


def _day_of_week(text: str) -> _OnDay:
    name, hash_sign, nth = text.partition("#")
    if hash_sign:
        weekday, count = _number(name, 1, 7, _WEEKDAYS), _number(nth, 1, 5, None)
        return lambda day: _weekday(day) == weekday and (day.day - 1) // 7 + 1 == count
    if text.endswith("L") and text != "L":
        weekday = _number(text[:-1], 1, 7, _WEEKDAYS)
        return lambda day: _weekday(day) == weekday and day.day + 7 > calendar.monthrange(day.year, day.month)[1]
    numbers = (7,) if text == "L" else _numbers(text, 1, 7, _WEEKDAYS)
    return lambda day: _weekday(day) in numbers


def _weekday(day: date) -> int:
    """1 is Sunday."""
    return day.isoweekday() % 7 + 1
