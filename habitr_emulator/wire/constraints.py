r"""Constraints of AWS's models: length, range, pattern, enum, compiled once per shape, worded as AWS words them.

A check takes a value and returns the constraints it breaks (``Member must have length …``), usually none.
Java's pattern language is mapped to Python's: ``\w`` and its like are ASCII, ``\p{L}`` is a Unicode category.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from habitr_emulator.wire.model import Shape

Check = Callable[[Any], Sequence[str]]
#: A character outside ASCII is matched as the stand-in of its major category when a pattern names categories.
_STAND_IN = {
    "L": "\ue000",
    "M": "\ue001",
    "N": "\ue002",
    "P": "\ue003",
    "S": "\ue004",
    "Z": "\ue005",
    "C": "\ue006",
}
_ASCII = [chr(number) for number in range(128)]
_MOST_SHOWN = 2048
#: Shapes of DynamoDB whose constraints the operations word themselves: an index name is looked up in its table.
_WORDED_BY_SERVICE = frozenset({"IndexName", "TransactGetItemList"})


class Violation:
    """One broken constraint, and the path to where (innermost name first, while readers return)."""

    __slots__ = ("constraint", "path", "value")

    def __init__(self, value: str, constraint: str, *path: str) -> None:
        self.value, self.constraint = value, constraint
        self.path = list(path)

    def __str__(self) -> str:
        where = ".".join(reversed(self.path))
        return f"{self.value} at '{where}' failed to satisfy constraint: {self.constraint}"


def shown(value: Any, shape: Shape) -> str:
    """A value as AWS's message shows it; one that is or holds something sensitive is not shown."""
    if _sensitive(shape, ()):
        return "Value"
    if value is None:
        return "Value null"
    text = _java(value)
    return f"Value '{text if len(text) <= _MOST_SHOWN else text[:_MOST_SHOWN] + '...'}'"


def _sensitive(shape: Shape, above: tuple[str, ...]) -> bool:
    if shape.traits.get("sensitive"):
        return True
    if shape.name in above or shape.type not in ("list", "map", "structure"):
        return False
    inner = [shape.part(key).shape for key in ("member", "key", "value") if key in shape.traits]
    inner += [member.shape for member in shape.members.values()]
    return any(_sensitive(each, (*above, shape.name)) for each in inner)


def _java(value: Any) -> str:
    """How Java prints a value: lists in brackets, maps in braces."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_java, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={_java(each)}" for key, each in value.items()) + "}"
    return str(value)


def check_of(shape: Shape) -> Check | None:
    """The check of a scalar's or collection's own constraints; None if it has none."""
    if shape.name in _WORDED_BY_SERVICE:
        return None
    checks = [check for check in (_enum(shape), _size(shape), _pattern(shape)) if check is not None]
    if not checks:
        return None
    if len(checks) == 1:
        return checks[0]
    return lambda value: [broken for check in checks for broken in check(value)]


def described(shape: Shape) -> str:
    """Every constraint of an element in one bracket, as a message about its collection lists them."""
    traits, parts = shape.traits, []
    noun = _noun(shape)
    if "max" in traits:
        parts.append(f"Member must have {noun} less than or equal to {traits['max']}")
    if "min" in traits:
        parts.append(f"Member must have {noun} greater than or equal to {traits['min']}")
    if "pattern" in traits:
        parts.append(f"Member must satisfy regular expression pattern: {traits['pattern']}")
    if "enum" in traits:
        parts.append(_enum_text(traits["enum"]))
    return f"[{', '.join(parts)}]"


def _enum_text(values: Sequence[str]) -> str:
    return f"Member must satisfy enum value set: [{', '.join(values)}]"


def _enum(shape: Shape) -> Check | None:
    values = shape.traits.get("enum")
    if not values:
        return None
    allowed, broken = frozenset(values), (_enum_text(values),)
    return lambda value: () if value in allowed else broken


def _noun(shape: Shape) -> str:
    return "value" if shape.type in ("integer", "long", "double", "float") else "length"


def _size(shape: Shape) -> Check | None:
    least, most = shape.traits.get("min"), shape.traits.get("max")
    if shape.type in ("structure", "timestamp", "boolean") or (least is None and most is None):
        return None
    low = least if least is not None else float("-inf")
    high = most if most is not None else float("inf")
    noun = _noun(shape)
    small = (f"Member must have {noun} greater than or equal to {least}",)
    large = (f"Member must have {noun} less than or equal to {most}",)
    measure: Callable[[Any], Any] = len if noun == "length" else lambda value: value

    def check(value: Any) -> Sequence[str]:
        size = measure(value)
        return () if low <= size <= high else small if size < low else large

    return check


def _pattern(shape: Shape) -> Check | None:
    pattern = shape.traits.get("pattern")
    if not pattern or shape.type != "string":
        return None
    broken = (f"Member must satisfy regular expression pattern: {pattern}",)
    match: Callable[[str], bool] | None = None

    def check(value: str) -> Sequence[str]:
        nonlocal match
        match = match or matcher(pattern)
        return () if match(value) else broken

    return check


@cache
def matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a whole text matches a Java pattern."""
    compiled = re.compile(_translated(pattern), re.ASCII)
    if "\\p{" not in pattern:
        return lambda text: compiled.fullmatch(text) is not None
    return lambda text: compiled.fullmatch(text if text.isascii() else _stand_ins(text)) is not None


def _translated(pattern: str) -> str:
    r"""Java's categories and surrogate escapes in Python's terms (``\p{Print}`` is ``[ -~]``)."""
    pattern = pattern.replace("\\uD800\\uDC00-\\uDBFF\\uDFFF", "\\U00010000-\\U0010FFFF")
    pattern = pattern.replace("\\p{Print}", "[ -~]")
    return re.sub(r"\\p\{([LMNPSZC])\}", lambda found: _category(found[1]), pattern)


@cache
def _category(letter: str) -> str:
    """What stands inside a character class for a category: its ASCII members and its stand-in."""
    members = (character for character in _ASCII if unicodedata.category(character)[0] == letter)
    return "".join(map(re.escape, members)) + _STAND_IN[letter]


def _stand_ins(text: str) -> str:
    return "".join(
        character if character < "\x80" else _STAND_IN[unicodedata.category(character)[0]] for character in text
    )
