"""Java's regular expressions and replacement texts, on the package ``regex``.

It reads what Python's ``re`` reads and can be told when to stop: a pattern that backtracks for hours would else
hold up everybody.

https://docs.oracle.com/javase/8/docs/api/java/util/regex/Pattern.html
"""

import re
from collections.abc import Callable
from functools import lru_cache
from math import prod
from typing import Any

from habitr_emulator.services.appsync.vtl.printing import MAX_TEXT, LimitExceeded

_QUOTED = re.compile(r"\\Q(.*?)(?:\\E|\Z)", re.DOTALL)
_CLASS = re.compile(r"(?<!\\)((?:\\\\)*)\\([pP])(?:\{(\w+)\}|(\w))")
_GROUP = re.compile(r"\\(.)|\$(\d)|\$\{(\w+)\}", re.DOTALL)
_NAMED_GROUP = re.compile(r"\(\?<(?=[A-Za-z])")
_PART = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*+\]|\{(\d+)|.", re.DOTALL)
_COUNT = re.compile(r"\{(\d+)")
_OTHER_SYNTAX = re.compile(r"\(\?(?:#|[a-zA-Z-]*[xV])")
_LOWER = "a-z\\u00df-\\u00f6\\u00f8-\\u00ff\\u03b1-\\u03c9\\u0430-\\u045f"
_UPPER = "A-Z\\u00c0-\\u00d6\\u00d8-\\u00de\\u0391-\\u03a9\\u0400-\\u042f"
# the Unicode classes are ranges: whole alphabets, not every single letter
_CLASSES = {
    "Lower": "a-z",
    "Upper": "A-Z",
    "Alpha": "a-zA-Z",
    "Digit": "0-9",
    "Alnum": "a-zA-Z0-9",
    "Punct": r"!-/:-@\[-`{-~",
    "Space": r"\s",
    "Blank": r" \t",
    "XDigit": "0-9a-fA-F",
    "Lu": _UPPER,
    "Ll": _LOWER,
    "L": _LOWER + _UPPER + "\\u0100-\\u02af\\u0370-\\u1fff\\u3040-\\u9fff\\uac00-\\ud7a3",
    "N": "0-9",
    "Nd": "0-9",
}
MAX_PATTERN = 2000
#: Counted repetitions, those inside each other multiplied: ``regex`` writes them out.
MAX_REPETITIONS = 20_000
#: Seconds that one use of a pattern may take.
LONGEST = 0.2


@lru_cache(maxsize=512)
def pattern(source: str) -> Any:
    """The Java pattern, compiled. Raises ValueError if it is none that can be expressed, and LimitExceeded."""
    import regex  # when the first pattern is used: most templates have none

    if len(source) > MAX_PATTERN:
        raise LimitExceeded(f"a regular expression of more than {MAX_PATTERN} characters")
    source = _QUOTED.sub(lambda quoted: re.escape(quoted[1]), source)
    source = _NAMED_GROUP.sub("(?P<", source)
    source = _CLASS.sub(_character_class, source)
    if _repetitions(source) > MAX_REPETITIONS:
        raise LimitExceeded(f"a regular expression of more than {MAX_REPETITIONS} repetitions")
    try:
        return regex.compile(source, regex.ASCII | regex.VERSION0)
    except (regex.error, RecursionError) as error:
        raise ValueError(f"{error} in the regular expression {source!r}") from error


def agrees(source: str, text: str, *, whole: bool) -> bool:
    """Whether an API's own pattern lets a text in: not if it cannot be read or takes too long."""
    try:
        return matches(source, text) if whole else finds(source, text)
    except (ValueError, LimitExceeded):
        return False


def _repetitions(source: str) -> int:
    """How long the pattern is once its counts are written out."""
    if _OTHER_SYNTAX.search(source):  # comments may hold brackets that are none
        return prod(_times(count) for count in _COUNT.findall(source))
    lengths, last = [0], 0
    for part in _PART.finditer(source):
        if part[1]:
            times = _times(part[1])
            lengths[-1] += last * (times - 1)
            last *= times
        elif part[0] == "(":
            lengths.append(0)
        elif part[0] == ")" and len(lengths) > 1:
            last = lengths.pop()
            lengths[-1] += last
        else:
            last = 1
            lengths[-1] += 1
    return sum(lengths)


def _times(count: str) -> int:
    """At least one; what is longer than any count may be is as good as too many."""
    return max(int(count), 1) if len(count) < 7 else MAX_REPETITIONS + 1


def matches(source: str, text: str) -> bool:
    """``String.matches``: whether the whole text is one match; raises as ``pattern`` does."""
    return _bounded(pattern(source).fullmatch, text) is not None


def finds(source: str, text: str) -> bool:
    """``Matcher.find``: whether there is a match in the text; raises as ``pattern`` does."""
    return _bounded(pattern(source).search, text) is not None


def _bounded(use: Callable[..., Any], *given: Any) -> Any:
    """What a compiled pattern's method answers; raises LimitExceeded when it takes longer than ``LONGEST``."""
    try:
        return use(*given, timeout=LONGEST)
    except TimeoutError:
        raise LimitExceeded(f"a regular expression that took more than {LONGEST:g} s") from None


def _character_class(found: "re.Match[str]") -> str:
    """A POSIX or Unicode class inside or outside of brackets; the few that regular texts use."""
    members = _CLASSES.get(found[3] or found[4] or "")
    inside = found.string.count("[", 0, found.start()) > found.string.count("]", 0, found.start())
    negated = found[2] == "P"
    if members is None or (inside and negated):
        raise ValueError(f"the character class {found[0]} is not known here")
    return found[1] + (members if inside else f"[{'^' if negated else ''}{members}]")


def replace(text: str, regex: str, replacement: str, count: int = 0) -> str:
    """``replaceAll`` (or the first ``count``): ``$1`` and ``${name}`` are groups, a backslash quotes."""
    size = len(text)

    def expand(found: Any) -> str:
        nonlocal size
        made = _GROUP.sub(lambda part: part[1] or _group(found, part[2] or part[3]), replacement)
        size += len(made)
        if size > MAX_TEXT:
            raise LimitExceeded(f"a text of more than {MAX_TEXT} characters")
        return made

    made: str = _bounded(pattern(regex).sub, expand, text, count)
    return made


def _group(found: Any, name: str) -> str:
    try:
        return found[int(name) if name.isdigit() else name] or ""
    except IndexError as error:
        raise ValueError(f"no group {name} in the regular expression") from error


def _found(compiled: Any, text: str, timeout: float) -> list[Any]:
    return list(compiled.finditer(text, timeout=timeout))


def split(text: str, regex: str, limit: int = 0) -> list[str]:
    """``String.split``: trailing empty parts are left out unless ``limit`` says otherwise."""
    if not text:
        return [""]
    parts: list[str] = []
    start = 0
    for found in _bounded(_found, pattern(regex), text):
        if limit > 0 and len(parts) == limit - 1:
            break
        if found.end() == 0 or (found.start() == found.end() == len(text)):
            continue
        parts.append(text[start : found.start()])
        start = found.end()
    parts.append(text[start:])
    while limit == 0 and len(parts) > 1 and not parts[-1]:
        parts.pop()
    return parts
