"""Java's regular expressions and replacement texts, on Python's ``re``.

https://docs.oracle.com/javase/8/docs/api/java/util/regex/Pattern.html
"""

import re
from functools import lru_cache

from habitr_emulator.services.appsync.vtl.printing import MAX_TEXT, LimitExceeded

_QUOTED = re.compile(r"\\Q(.*?)(?:\\E|\Z)", re.DOTALL)
_CLASS = re.compile(r"(?<!\\)((?:\\\\)*)\\([pP])(?:\{(\w+)\}|(\w))")
_GROUP = re.compile(r"\\(.)|\$(\d)|\$\{(\w+)\}", re.DOTALL)
_NAMED_GROUP = re.compile(r"\(\?<(?=[A-Za-z])")
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


@lru_cache(maxsize=512)
def pattern(source: str) -> "re.Pattern[str]":
    """The Java pattern, compiled. Raises ValueError if it is none that can be expressed."""
    if len(source) > MAX_PATTERN:
        raise LimitExceeded(f"a regular expression of more than {MAX_PATTERN} characters")
    source = _QUOTED.sub(lambda quoted: re.escape(quoted[1]), source)
    source = _NAMED_GROUP.sub("(?P<", source)
    source = _CLASS.sub(_character_class, source)
    try:
        return re.compile(source, re.ASCII)
    except re.error as error:
        raise ValueError(f"{error} in the regular expression {source!r}") from error


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

    def expand(found: "re.Match[str]") -> str:
        nonlocal size
        made = _GROUP.sub(lambda part: part[1] or _group(found, part[2] or part[3]), replacement)
        size += len(made)
        if size > MAX_TEXT:
            raise LimitExceeded(f"a text of more than {MAX_TEXT} characters")
        return made

    return pattern(regex).sub(expand, text, count)


def _group(found: "re.Match[str]", name: str) -> str:
    try:
        return found[int(name) if name.isdigit() else name] or ""
    except IndexError as error:
        raise ValueError(f"no group {name} in the regular expression") from error


def split(text: str, regex: str, limit: int = 0) -> list[str]:
    """``String.split``: trailing empty parts are left out unless ``limit`` says otherwise."""
    if not text:
        return [""]
    parts: list[str] = []
    start = 0
    for found in pattern(regex).finditer(text):
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
