"""How values print: as Java's ``toString`` does, since Velocity renders Java objects."""

from typing import Any

MAX_TEXT = 5_000_000
MAX_NODES = 500_000
_CONTAINERS = (dict, list)


class LimitExceeded(Exception):
    """A template grew past a limit of the runtime (rounds, size, depth)."""


def double(value: float) -> str:
    """A float as ``Double.toString`` prints it: ``1500.0``, ``1.0E10``, ``NaN``."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        return repr(value)
    mantissa, _, exponent = f"{value!r}".partition("e")
    if not exponent:
        mantissa, exponent = _scientific(mantissa)
    if "." not in mantissa:
        mantissa += ".0"
    return f"{mantissa}E{int(exponent)}"


def _scientific(plain: str) -> tuple[str, str]:
    sign, digits = ("-", plain[1:]) if plain.startswith("-") else ("", plain)
    whole, _, fraction = digits.partition(".")
    all_digits = (whole + fraction).lstrip("0")
    exponent = len(whole) - 1 if whole.strip("0") else -(len(fraction) - len(fraction.lstrip("0")) + 1)
    tail = all_digits[1:].rstrip("0") or "0"
    return f"{sign}{all_digits[0]}.{tail}", str(exponent)


def show(value: Any) -> str:
    """A value as it prints; null (inside a list or map) is ``null``."""
    if value.__class__ in _CONTAINERS or isinstance(value, _CONTAINERS):
        weigh(value)
    return _show(value)


def _show(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, float):
        return double(value)
    if isinstance(value, dict):
        return "{" + ", ".join([f"{_show(key)}={_show(item)}" for key, item in value.items()]) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join([_show(item) for item in value]) + "]"
    return str(value)


def weigh(value: Any) -> None:
    """Refuse a value that holds itself, or the same list so often that walking it would take minutes.

    Raises LimitExceeded past ``MAX_NODES`` values.
    """
    waiting, seen = [value], 0
    while waiting:
        one = waiting.pop()
        inside = one.values() if isinstance(one, dict) else one
        seen += len(inside)
        if seen > MAX_NODES:
            raise LimitExceeded(f"a value of more than {MAX_NODES} parts")
        waiting += [part for part in inside if isinstance(part, _CONTAINERS)]


def bounded(text: str) -> str:
    """The text, unless it is longer than ``MAX_TEXT``; raises LimitExceeded."""
    if len(text) > MAX_TEXT:
        raise LimitExceeded(f"a text of more than {MAX_TEXT} characters")
    return text
