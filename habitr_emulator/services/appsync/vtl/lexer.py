"""The words of a Velocity template, and a scanner that walks over its text."""

import re

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
REFERENCE_START = re.compile(r"\$(!?)(\{?)([A-Za-z_][A-Za-z0-9_-]*)")
DIRECTIVE = re.compile(r"#(?:\{(@?[A-Za-z_][A-Za-z0-9_]*)\}|(@?[A-Za-z_][A-Za-z0-9_]*))")
SPECIAL = re.compile(r"[$#\\]")
SLASHES = re.compile(r"\\+")
BLANKS = re.compile(r"[ \t]*")
SEPARATOR = re.compile(r"[\s,]*")
SPACE = re.compile(r"\s*")
REST_OF_LINE = re.compile(r"[ \t]*(?:\r\n|\n|\r)")
LINE_COMMENT = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)?")
LEADING_BLANKS = re.compile(r"(?:^|(?<=[\r\n]))[ \t]+\Z")
MACRO_NAME = re.compile(r"#(?:macro|\{macro\})\s*\(\s*([A-Za-z_][A-Za-z0-9_-]*)")

NUMBER = re.compile(r"-?(?:[0-9]*\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|[0-9]+)")
STRING = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'")

MAX_NESTING = 60


class SyntaxProblem(Exception):
    """The template cannot be parsed: the reason, and what was met where. Its text is worked out when asked for,
    since a parser that tries something first raises many.
    """

    def __init__(self, reason: str, text: str = "", position: int = 0) -> None:
        super().__init__(reason)
        self.reason, self.text, self.position = reason, text, position

    def __str__(self) -> str:
        before = self.text[: self.position]
        line, column = before.count("\n") + 1, self.position - (before.rfind("\n") + 1) + 1
        met = repr(self.text[self.position : self.position + 20]) if self.text[self.position :] else "the end"
        return f"{self.reason}, met {met} at line {line}, column {column}" if self.text else self.reason


class Scanner:
    """A position in a template's text."""

    __slots__ = ("depth", "position", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.depth = 0

    def match(self, pattern: "re.Pattern[str]") -> "re.Match[str] | None":
        """Match here and step over what matched."""
        found = pattern.match(self.text, self.position)
        if found is not None:
            self.position = found.end()
        return found

    def looking_at(self, prefix: str) -> bool:
        """Whether the text goes on with ``prefix``."""
        return self.text.startswith(prefix, self.position)

    def take(self, prefix: str) -> bool:
        """Step over ``prefix`` if the text goes on with it."""
        if not self.text.startswith(prefix, self.position):
            return False
        self.position += len(prefix)
        return True

    def skip_space(self) -> None:
        """Step over white space, line ends included."""
        self.match(SPACE)

    def expect(self, prefix: str) -> None:
        """Step over white space and ``prefix``; raises SyntaxProblem if something else comes."""
        self.skip_space()
        if not self.take(prefix):
            raise self.problem(f"expected {prefix!r}")

    def deeper(self) -> None:
        """Enter a nested construct; raises SyntaxProblem past ``MAX_NESTING``."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise self.problem(f"nested deeper than {MAX_NESTING} levels")

    def problem(self, reason: str) -> SyntaxProblem:
        """A SyntaxProblem that names what stands here."""
        return SyntaxProblem(reason, self.text, self.position)
