"""Filter patterns of plain terms: all terms, ``?`` any of them, ``-`` none, quotes around phrases.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

import re
from collections.abc import Callable

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.logs.errors import InvalidParameterException

_TERM = re.compile(r'\s*(?P<sign>[-?]?)(?:"(?P<phrase>(?:[^"\\]|\\.)*)"|(?P<word>[^\s"]+))')


def compiled(pattern: str) -> Callable[[str], bool]:
    """Whether a message matches; raises InvalidParameterException, NotBuilt (JSON, columns, expressions)."""
    text = pattern.strip()
    if text[:1] in ("{", "[", "%"):
        raise NotBuilt(
            "Filter patterns for JSON, columns and regular expressions are not built.",
            why=f"not built: only patterns of terms are, this is none: {text[:80]}",
        )
    wanted, any_of, unwanted = _terms(text)

    def matches(message: str) -> bool:
        if any(term in message for term in unwanted) or not all(term in message for term in wanted):
            return False
        return not any_of or any(term in message for term in any_of)

    return matches


def _terms(text: str) -> tuple[list[str], list[str], list[str]]:
    wanted: list[str] = []
    any_of: list[str] = []
    unwanted: list[str] = []
    place = 0
    while place < len(text):
        match = _TERM.match(text, place)
        if match is None:
            raise InvalidParameterException(
                "Invalid filter pattern", why=f"not understood from here: {text[place:]}"
            )
        term = match["word"] if match["phrase"] is None else re.sub(r"\\(.)", r"\1", match["phrase"])
        {"": wanted, "?": any_of, "-": unwanted}[match["sign"]].append(term)
        place = match.end()
    return wanted, any_of, unwanted
