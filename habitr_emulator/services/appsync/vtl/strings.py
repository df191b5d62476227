"""The methods of ``java.lang.String`` that templates call."""

from collections.abc import Callable
from typing import Any

from habitr_emulator.services.appsync.vtl import java_regex
from habitr_emulator.services.appsync.vtl.printing import MAX_TEXT, LimitExceeded, bounded, show


def _substring(text: str, start: int, end: int | None = None) -> str:
    stop = len(text) if end is None else end
    if not 0 <= start <= stop <= len(text):
        raise IndexError(f"begin {start}, end {stop}, length {len(text)}")
    return text[start:stop]


def _char_at(text: str, index: int) -> str:
    return _substring(text, index, index + 1)


def _replace(text: str, old: str, new: str) -> str:
    if len(text) + text.count(old) * (len(new) - len(old)) > MAX_TEXT:
        raise LimitExceeded(f"a text of more than {MAX_TEXT} characters")
    return text.replace(old, new)


def _compare(left: str, right: str) -> int:
    """The difference of the first characters that differ, else of the lengths, as Java counts it."""
    for one, other in zip(left, right, strict=False):
        if one != other:
            return ord(one) - ord(other)
    return len(left) - len(right)


METHODS: dict[str, Callable[..., Any]] = {
    "length": lambda text: len(text),
    "isEmpty": lambda text: not text,
    "isBlank": lambda text: not text.strip(),
    "toUpperCase": lambda text: text.upper(),
    "toLowerCase": lambda text: text.lower(),
    "substring": _substring,
    "trim": lambda text: text.strip(),
    "concat": lambda text, more: bounded(text + more),
    "contains": lambda text, part: part in text,
    "startsWith": lambda text, prefix, offset=0: text.startswith(prefix, offset),
    "endsWith": lambda text, suffix: text.endswith(suffix),
    "indexOf": lambda text, part, start=0: text.find(part, start),
    "lastIndexOf": lambda text, part: text.rfind(part),
    "replace": _replace,
    "replaceAll": lambda text, regex, new: java_regex.replace(text, regex, new),
    "replaceFirst": lambda text, regex, new: java_regex.replace(text, regex, new, 1),
    "split": lambda text, regex, limit=0: java_regex.split(text, regex, limit),
    "matches": lambda text, regex: java_regex.matches(regex, text),
    "charAt": _char_at,
    "equals": lambda text, other: text == other,
    "equalsIgnoreCase": lambda text, other: isinstance(other, str) and text.lower() == other.lower(),
    "compareTo": _compare,
    "compareToIgnoreCase": lambda text, other: _compare(text.lower(), other.lower()),
    "toString": show,
    "hashCode": lambda text: _hash(text),
}


def _hash(text: str) -> int:
    code = 0
    for unit in text:
        code = (31 * code + ord(unit)) & 0xFFFFFFFF
    return code - (1 << 32) if code >> 31 else code
