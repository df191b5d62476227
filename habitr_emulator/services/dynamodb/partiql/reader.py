"""What every PartiQL statement is made of: names, paths, literals and parameters, by recursive descent."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from habitr_emulator.services.dynamodb.errors import ValidationException
from habitr_emulator.services.dynamodb.expressions.nodes import Path, Value
from habitr_emulator.services.dynamodb.partiql.lexer import Token, malformed, tokens
from habitr_emulator.wire.number import negative, parse_number
from habitr_emulator.wire.typed_value import Native, decode, kind_of

DEEPEST = 32
T = TypeVar("T")


class Reader:
    """Reads one statement. ``parameters`` take the places of its question marks, in order."""

    def __init__(self, statement: str, parameters: Sequence[Native]) -> None:
        self._tokens = tokens(statement)
        self._at = 0
        self._depth = 0
        self._parameters = parameters
        self._next_parameter = 0
        self.values: dict[str, Native] = {}

    @property
    def _token(self) -> Token:
        return self._tokens[self._at]

    def _error(self, wanted: str = "") -> ValidationException:
        expected = f", expected {wanted}" if wanted else ""
        return malformed(f"Unexpected token: {self._token.text}{expected}")

    def _is(self, *texts: str) -> bool:
        """Whether these signs or words come next."""
        pieces = self._tokens[self._at : self._at + len(texts)]
        return len(pieces) == len(texts) and all(
            piece.kind in ("sign", "word") and piece.text.upper() == text
            for piece, text in zip(pieces, texts, strict=True)
        )

    def _take(self, *texts: str) -> bool:
        """Step over these signs or words, if they come next."""
        found = self._is(*texts)
        if found:
            self._at += len(texts)
        return found

    def _expect(self, *texts: str) -> None:
        if not self._take(*texts):
            raise self._error(" ".join(texts))

    def _list(self, read: Callable[[], T]) -> list[T]:
        found = [read()]
        while self._take(","):
            found.append(read())
        return found

    def _listed(self, read: Callable[[], T], end: str) -> list[T]:
        """Members up to the sign ``end``; there may be none."""
        found = [] if self._is(end) else self._list(read)
        self._expect(end)
        return found

    def _inside(self, read: Callable[[], T]) -> T:
        self._depth += 1
        if self._depth > DEEPEST:
            raise malformed("nested too deeply")
        found = read()
        self._depth -= 1
        return found

    def finish(self) -> None:
        """Refuse what is left over, of the statement or of the parameters. Raises ValidationException."""
        if self._token.kind != "end":
            raise self._error()
        if self._next_parameter < len(self._parameters):
            raise ValidationException("Number of parameters in request and statement don't match.")

    def _name(self) -> str:
        token = self._token
        if token.kind not in ("word", "quoted") or not token.text:
            raise self._error("identifier")
        self._at += 1
        return token.text

    def _path(self) -> Path:
        elements: list[str | int] = [self._name()]
        while True:
            if self._take("."):
                elements.append(self._name())
            elif self._take("["):
                token = self._token
                if not token.text.isdigit() or len(token.text) > 9:
                    raise self._error("list index")
                self._at += 1
                elements.append(int(token.text))
                self._expect("]")
            else:
                return Path(tuple(elements))

    def _starts_value(self) -> bool:
        return self._token.kind in ("string", "number") or any(
            self._is(sign) for sign in ("?", "[", "{", "<<", "-", "+", "TRUE", "FALSE", "NULL")
        )

    def _value(self) -> Value:
        """A literal or parameter, kept under a name of its own."""
        name = f":{len(self.values)}"
        self.values[name] = self._native()
        return Value(name)

    def _native(self) -> Native:
        token = self._token
        if token.kind == "string":
            self._at += 1
            return token.text
        if token.kind == "number" or self._is("-") or self._is("+"):
            return self._number()
        if self._take("?"):
            return self._parameter()
        for word, constant in (("TRUE", True), ("FALSE", False), ("NULL", None)):
            if self._take(word):
                return constant
        if self._take("["):
            return self._inside(lambda: self._listed(self._native, "]"))
        if self._take("{"):
            return dict(self._inside(lambda: self._listed(self._member, "}")))
        if self._take("<<"):
            return _set_of(self._listed(self._native, ">>"))
        raise self._error("value")

    def _number(self) -> Native:
        minus = self._take("-")
        if not minus:
            self._take("+")
        if self._token.kind != "number":
            raise self._error("number")
        number = parse_number(self._token.text)
        self._at += 1
        return negative(number) if minus else number

    def _member(self) -> tuple[str, Native]:
        token = self._token
        if token.kind not in ("string", "quoted", "word"):
            raise self._error("attribute name")
        self._at += 1
        self._expect(":")
        return token.text, self._native()

    def _parameter(self) -> Native:
        if self._next_parameter == len(self._parameters):
            raise ValidationException("Number of parameters in request and statement don't match.")
        self._next_parameter += 1
        return self._parameters[self._next_parameter - 1]


def _set_of(members: list[Native]) -> Native:
    kinds = {kind_of(member) for member in members}
    if len(kinds) != 1 or not kinds <= {"S", "N", "B"}:
        raise malformed("a set has members of one type: strings, numbers or binaries")
    return decode({f"{kinds.pop()}S": members})
