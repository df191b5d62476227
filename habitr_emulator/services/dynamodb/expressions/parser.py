"""What every expression is made of: tokens to paths, values and function calls, by recursive descent.

Syntax errors come first, as at the service, then redundant parentheses, then what is no word of the language
(reserved words, unknown functions, functions out of place), then numbers of operands; all are collected on the
way and raised when the whole text has been read. What names and values mean is ``checks``.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.Attributes.html
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from habitr_emulator.services.dynamodb.expressions.functions import (
    CONDITION_FUNCTIONS,
    Function,
    miscounted,
    unknown,
)
from habitr_emulator.services.dynamodb.expressions.lexer import Token, syntax_error, tokens
from habitr_emulator.services.dynamodb.expressions.nodes import BadExpression, Call, Node, Path, Undefined, Value
from habitr_emulator.services.dynamodb.expressions.reserved_words import RESERVED_WORDS

LONGEST = 4096
MOST_OPERATORS = 300
DEEPEST_TEXT = 100
LARGEST_INDEX = 2**31 - 1

T = TypeVar("T")


class Parser:
    """Reads one expression. ``names`` is ExpressionAttributeNames; ``names_used`` what the text used of it."""

    functions: Mapping[str, Function] = CONDITION_FUNCTIONS
    #: Whether the refusal of a text that is too long says how long it is, as that of conditions does.
    tells_size = False

    def __init__(self, text: str, names: Mapping[str, str]) -> None:
        size = len(text.encode())
        if size > LONGEST:
            told = f" expression size: {size}" if self.tells_size else ""
            raise BadExpression(f"Expression size has exceeded the maximum allowed size;{told}")
        self._text = text
        self._names = names
        self._tokens = tokens(text, names)
        self._at = 0
        self._operators = 0
        self._depth = 0
        self.redundant = False
        self.miscount: str | None = None
        self.problems: list[str] = []
        self.names_used: set[str] = set()
        self.values_used: dict[str, None] = {}

    def projection(self) -> list[Path]:
        """Paths with commas between."""
        return self._whole(lambda: self._list(self._path))

    def _whole(self, read: Callable[[], T]) -> T:
        node = read()
        if self._token.kind != "end":
            raise self._error()
        if self.redundant:
            raise BadExpression("The expression has redundant parentheses;")
        if self.problems:
            raise BadExpression(self.problems[0])
        if self.miscount:
            raise BadExpression(self.miscount)
        return node

    @property
    def _token(self) -> Token:
        return self._tokens[self._at]

    def _error(self) -> BadExpression:
        return syntax_error(self._text, self._tokens, self._at)

    def _next(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _take(self, sign: str) -> bool:
        """Step over a sign or keyword, if it is the next token."""
        token = self._token
        if token.kind in ("sign", "keyword") and token.text.upper() == sign:
            self._at += 1
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise self._error()

    def _list(self, read: Callable[[], T]) -> list[T]:
        found = [read()]
        while self._take(","):
            found.append(read())
        return found

    def _operator(self) -> None:
        self._operators += 1
        if self._operators > MOST_OPERATORS:
            count = self._operators
            raise BadExpression(f"The expression contains too many operators; operator count: {count}")

    def _inside(self, read: Callable[[], T]) -> T:
        self._depth += 1
        if self._depth > DEEPEST_TEXT:  # guess: the service refuses, its wording is not known
            raise BadExpression("The expression has redundant parentheses;")
        node = read()
        self._depth -= 1
        return node

    def _call(self, argument: Callable[[], Node]) -> Call:
        name = self._next().text
        self._expect("(")
        self._operator()
        arguments = self._inside(lambda: self._list(argument))
        self._expect(")")
        if name not in self.functions:
            self.problems.append(unknown(name, self.functions))
        self.miscount = self.miscount or miscounted(name, len(arguments), self.functions)
        return Call(name, tuple(arguments))

    def _value(self) -> Value:
        if self._token.kind != "value":
            raise self._error()
        name = self._next().text
        self.values_used[name] = None
        return Value(name)

    def _path(self) -> Path:
        elements: list[str | int] = [self._name()]
        while True:
            if self._take("."):
                elements.append(self._name())
            elif self._take("["):
                elements.append(self._index())
                self._expect("]")
            else:
                break
        return Path(tuple(elements))

    def _name(self) -> str:
        token = self._token
        if token.kind not in ("name", "placeholder"):
            raise self._error()
        self._at += 1
        if token.kind == "name":
            if token.text.upper() in RESERVED_WORDS:
                self.problems.append(f"Attribute name is a reserved keyword; reserved keyword: {token.text}")
            return token.text
        self.names_used.add(token.text)
        return self._names[token.text] if token.text in self._names else Undefined(token.text)

    def _index(self) -> int:
        if self._token.kind != "index":
            raise self._error()
        digits = self._next().text
        if len(digits) > 10 or int(digits) > LARGEST_INDEX:
            self.problems.append(f"List index is not within the allowable range; index: [{digits}]")
            return 0
        return int(digits)
