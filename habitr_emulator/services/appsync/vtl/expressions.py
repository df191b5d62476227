"""Parses Velocity references and expressions: what stands inside ``#set``, ``#if`` and method calls."""

from collections.abc import Callable

from habitr_emulator.services.appsync.vtl.lexer import (
    IDENTIFIER,
    NUMBER,
    REFERENCE_START,
    STRING,
    Scanner,
    SyntaxProblem,
)
from habitr_emulator.services.appsync.vtl.nodes import (
    Binary,
    Expression,
    Index,
    Interpolated,
    ListLiteral,
    Literal,
    MapLiteral,
    Method,
    Node,
    Not,
    Property,
    Range,
    Reference,
)

_OPERATORS: tuple[dict[str, str], ...] = (
    {"||": "or", "or": "or"},
    {"&&": "and", "and": "and"},
    {"==": "==", "!=": "!=", "eq": "==", "ne": "!="},
    {"<=": "<=", ">=": ">=", "<": "<", ">": ">", "lt": "<", "le": "<=", "gt": ">", "ge": ">="},
    {"+": "+", "-": "-"},
    {"*": "*", "/": "/", "%": "%"},
)
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


class ExpressionParser:
    """Parses references and expressions at a scanner's position.

    ``interpolate`` parses the inside of a double-quoted string. ``names`` collects the variables met.
    """

    def __init__(self, scanner: Scanner, interpolate: Callable[[str], tuple[Node, ...]]) -> None:
        self.scanner = scanner
        self.interpolate = interpolate
        self.names: set[str] = set()

    def reference(self, slashes: int = 0) -> Reference | None:
        """The reference that starts here, or None (nothing consumed) if ``$`` is mere text."""
        scanner, start = self.scanner, self.scanner.position
        head = scanner.match(REFERENCE_START)
        if head is None:
            return None
        scanner.deeper()
        parts = self._parts()
        scanner.depth -= 1
        if head[2] and not scanner.take("}"):
            scanner.position = start
            return None
        self.names.add(head[3])
        source = scanner.text[start : scanner.position]
        return Reference(head[3], parts, bool(head[1]), source, slashes)

    def expression(self) -> Expression:
        """An expression; raises SyntaxProblem if there is none."""
        self.scanner.deeper()
        found = self._binary(0)
        self.scanner.depth -= 1
        return found

    def arguments(self) -> tuple[Expression, ...]:
        """Expressions separated by commas (or, for macros, blanks) up to the closing parenthesis."""
        found: list[Expression] = []
        while True:
            self.scanner.skip_space()
            if self.scanner.take(")"):
                return tuple(found)
            if found:
                self.scanner.take(",")
                self.scanner.skip_space()
            found.append(self.expression())

    def _parts(self) -> tuple[Property | Method | Index, ...]:
        parts: list[Property | Method | Index] = []
        while True:
            part = self._index() if self.scanner.looking_at("[") else self._member()
            if part is None:
                return tuple(parts)
            parts.append(part)

    def _member(self) -> Property | Method | None:
        scanner = self.scanner
        if not scanner.looking_at("."):
            return None
        name = IDENTIFIER.match(scanner.text, scanner.position + 1)
        if name is None:
            return None
        scanner.position = name.end()
        if scanner.take("("):
            return Method(name[0], self.arguments())
        return Property(name[0])

    def _index(self) -> Index | None:
        """``[expression]``; brackets that hold no expression are text after the reference."""
        scanner, start, depth = self.scanner, self.scanner.position, self.scanner.depth
        scanner.take("[")
        try:
            index = self.expression()
            scanner.expect("]")
        except SyntaxProblem:
            scanner.position, scanner.depth = start, depth
            return None
        return Index(index)

    def _binary(self, level: int) -> Expression:
        if level == len(_OPERATORS):
            return self._unary()
        scanner, start = self.scanner, self._start()
        left = self._binary(level + 1)
        while True:
            left_source = scanner.text[start : scanner.position]
            operator = self._operator(_OPERATORS[level])
            if operator is None:
                return left
            right_start = self._start()
            right = self._binary(level + 1)
            right_source = scanner.text[right_start : scanner.position]
            left = Binary(operator, left, right, left_source, right_source)

    def _start(self) -> int:
        self.scanner.skip_space()
        return self.scanner.position

    def _operator(self, operators: dict[str, str]) -> str | None:
        scanner, start = self.scanner, self.scanner.position
        scanner.skip_space()
        word = scanner.match(IDENTIFIER)
        if word is not None:
            if word[0] in operators:
                return operators[word[0]]
        else:
            for symbol, name in operators.items():
                if not symbol.isalpha() and scanner.take(symbol):
                    return name
        scanner.position = start
        return None

    def _unary(self) -> Expression:
        scanner = self.scanner
        scanner.skip_space()
        start = scanner.position
        word = scanner.match(IDENTIFIER)
        if (word is not None and word[0] == "not") or (word is None and scanner.take("!")):
            scanner.deeper()
            operand = self._unary()
            scanner.depth -= 1
            return Not(operand)
        scanner.position = start
        return self._primary()

    def _primary(self) -> Expression:
        scanner = self.scanner
        if scanner.looking_at("$"):
            found = self.reference()
            if found is None:
                raise scanner.problem("expected a reference")
            return found
        if scanner.take("("):
            inner = self.expression()
            scanner.expect(")")
            return inner
        if scanner.take("["):
            return self._list()
        if scanner.take("{"):
            return self._map()
        return self._literal()

    def _literal(self) -> Expression:
        scanner = self.scanner
        number = scanner.match(NUMBER)
        if number is not None:
            return Literal(_number(number[0]))
        string = scanner.match(STRING)
        if string is not None:
            return self._string(string[0])
        word = scanner.match(IDENTIFIER)
        if word is None:
            raise scanner.problem("expected an expression")
        return Literal(_WORDS.get(word[0]))

    def _string(self, token: str) -> Expression:
        quote = token[0]
        inside = token[1:-1].replace(quote * 2, quote)
        if quote == "'" or ("$" not in inside and "#" not in inside):
            return Literal(inside)
        return Interpolated(self.interpolate(inside))

    def _list(self) -> Expression:
        scanner, items = self.scanner, []
        scanner.skip_space()
        while not scanner.take("]"):
            items.append(self.expression())
            scanner.skip_space()
            if len(items) == 1 and scanner.take(".."):
                last = self.expression()
                scanner.expect("]")
                return Range(items[0], last)
            if not scanner.take(",") and not scanner.looking_at("]"):
                raise scanner.problem("expected ',' or ']'")
            scanner.skip_space()
        return ListLiteral(tuple(items))

    def _map(self) -> Expression:
        scanner, entries = self.scanner, []
        scanner.skip_space()
        while not scanner.take("}"):
            key = self.expression()
            scanner.expect(":")
            entries.append((key, self.expression()))
            scanner.skip_space()
            if not scanner.take(",") and not scanner.looking_at("}"):
                raise scanner.problem("expected ',' or '}'")
            scanner.skip_space()
        return MapLiteral(tuple(entries))


def _number(text: str) -> int | float:
    if text.lstrip("-").isdigit():
        return int(text[:40])
    return float(text)
