"""PartiQL text to tokens.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
"""

import re
from dataclasses import dataclass

from habitr_emulator.services.dynamodb.errors import ValidationException

_TOKEN = re.compile(
    r"""\s+ | --[^\n]*
    | (?P<word>[A-Za-z_$][A-Za-z0-9_$]*)
    | (?P<quoted>"(?:[^"]|"")*")
    | (?P<string>'(?:[^']|'')*')
    | (?P<number>[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?)
    | (?P<sign><<|>>|<=|>=|<>|!=|[=<>(),.\[\]{}:*?;+-])
    | (?P<unknown>.)""",
    re.VERBOSE | re.ASCII | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a statement. ``kind``: word, quoted, string, number, sign, unknown or end; ``text`` is what it
    says, without its quotes.
    """

    kind: str
    text: str


def tokens(statement: str) -> list[Token]:
    """The tokens of a statement, an ``end`` token last; a semicolon at the end is allowed."""
    found: list[Token] = []
    for match in _TOKEN.finditer(statement):
        kind, piece = match.lastgroup, match.group()
        if kind in ("quoted", "string"):
            found.append(Token(kind, piece[1:-1].replace(piece[0] * 2, piece[0])))
        elif kind is not None:
            found.append(Token(kind, piece))
    if found and found[-1] == Token("sign", ";"):
        found.pop()
    return [*found, Token("end", "<EOF>")]


def malformed(detail: str) -> ValidationException:
    """The refusal of a statement that cannot be read."""
    return ValidationException(f"Statement wasn't well formed, can't be processed: {detail}")  # guess: the details
