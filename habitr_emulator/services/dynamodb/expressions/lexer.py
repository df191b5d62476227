"""Expression text to tokens."""

import re
from collections.abc import Container
from dataclasses import dataclass

from habitr_emulator.services.dynamodb.expressions.nodes import BadExpression

KEYWORDS = frozenset({"AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE"})

_TOKEN = re.compile(
    r"""\s+
    | (?P<name>[A-Za-z][A-Za-z0-9_]*)
    | (?P<value>:[A-Za-z0-9_]*)
    | (?P<placeholder>\#[A-Za-z0-9_.]*)
    | (?P<index>0|[1-9][0-9]*)
    | (?P<sign><=|>=|<>|[=<>(),.\[\]+-])
    | (?P<unknown>.)""",
    re.VERBOSE | re.ASCII | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of an expression. ``kind``: name, value, placeholder, index, sign, keyword, unknown or end."""

    kind: str
    text: str
    start: int
    end: int


def tokens(text: str, names: Container[str] = ()) -> list[Token]:
    """The tokens of an expression, an ``end`` token last. Raises BadExpression for an empty text.

    ``names`` are the placeholders that exist: a dot belongs to a placeholder only if one is spelt so.
    """
    if not text.strip():
        raise BadExpression("The expression can not be empty;")
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        assert match is not None  # the last alternative takes any character
        kind, piece = match.lastgroup, match.group()
        if kind == "placeholder" and "." in piece and piece not in names:
            piece = piece.partition(".")[0]
        if kind == "name" and piece.upper() in KEYWORDS:
            kind = "keyword"
        if kind is not None:
            found.append(Token(kind, piece, at, at + len(piece)))
        at += len(piece)
    return [*found, Token("end", "<EOF>", at, at)]


def syntax_error(text: str, found: list[Token], number: int) -> BadExpression:
    """The error at token ``number``: it shows the text from the token before to the one after."""
    start = found[max(number - 1, 0)].start
    end = found[min(number + 1, len(found) - 1)].end
    return BadExpression(f'Syntax error; token: "{found[number].text}", near: "{text[start:end]}"')
