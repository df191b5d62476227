"""Why a GraphQL answer has errors, in one line for the trace, the log and ``x-habitr-why``."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

LONGEST: Final = 300


def reason(errors: Sequence[Mapping[str, Any]]) -> str:
    """The first of ``errors``: where, type and message, printable and at most ``LONGEST`` characters long, and how
    many more there are.
    """
    first = errors[0]
    where = ".".join(map(str, first.get("path") or ()))
    words = [str(word) for word in (where, first.get("errorType"), first.get("message")) if word]
    text = _printable(": ".join(word[: 2 * LONGEST] for word in words))
    if len(text) > LONGEST:
        text = text[: LONGEST - 3] + "..."
    more = len(errors) - 1
    return f"{text} (and {more} more)" if more else text


def _printable(text: str) -> str:
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
