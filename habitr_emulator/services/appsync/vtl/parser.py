"""Parses a Velocity template: text, references, directives, comments and escapes.

https://velocity.apache.org/engine/1.7/vtl-reference.html; ``#return`` is AppSync's own.
"""

from collections.abc import Callable
from typing import Literal

from habitr_emulator.services.appsync.vtl.expressions import ExpressionParser
from habitr_emulator.services.appsync.vtl.lexer import (
    BLANKS,
    DIRECTIVE,
    IDENTIFIER,
    LEADING_BLANKS,
    LINE_COMMENT,
    MACRO_NAME,
    REST_OF_LINE,
    SEPARATOR,
    SLASHES,
    SPECIAL,
    Scanner,
)
from habitr_emulator.services.appsync.vtl.nodes import (
    Call,
    Define,
    Evaluate,
    Expression,
    Foreach,
    If,
    Leave,
    Macro,
    Node,
    Reference,
    Return,
    Set,
    Template,
    Text,
)

_ENDS = ("else", "elseif", "end")


def parse(text: str) -> Template:
    """The template's syntax tree; raises SyntaxProblem."""
    parser = _Parser(text, frozenset(MACRO_NAME.findall(text)), 0)
    body, _ = parser.block(("",))
    return Template(body, frozenset(parser.expressions.names), parser.dynamic)


class _Parser:
    def __init__(self, text: str, macros: frozenset[str], depth: int) -> None:
        self.scanner = Scanner(text)
        self.scanner.depth = depth
        self.macros = macros
        self.dynamic = bool(macros)
        self.expressions = ExpressionParser(self.scanner, self._interpolated)
        self._nodes: list[Node] = []
        self._text = ""
        self._directives: dict[str, Callable[[], None]] = {
            "set": self._set,
            "if": self._if,
            "foreach": self._foreach,
            "break": lambda: self._leave("break"),
            "stop": lambda: self._leave("stop"),
            "return": self._return,
            "define": self._define,
            "macro": self._macro,
            "evaluate": self._evaluate,
        }

    def block(self, ends: tuple[str, ...]) -> tuple[tuple[Node, ...], str]:
        """The nodes up to one of the directives ``ends`` ("" is the end of the text), and which it was."""
        outer, self._nodes, self._text = (self._nodes, self._text), [], ""
        self.scanner.deeper()
        end = self._until(ends)
        self._flush()
        self.scanner.depth -= 1
        nodes = tuple(self._nodes)
        self._nodes, self._text = outer
        return nodes, end

    def _until(self, ends: tuple[str, ...]) -> str:
        scanner = self.scanner
        while True:
            special = SPECIAL.search(scanner.text, scanner.position)
            stop = special.start() if special else len(scanner.text)
            self._text += scanner.text[scanner.position : stop]
            scanner.position = stop
            if special is None:
                if "" not in ends:
                    raise scanner.problem("expected #end")
                return ""
            end = self._special(special[0], ends)
            if end is not None:
                return end

    def _special(self, mark: str, ends: tuple[str, ...]) -> str | None:
        if mark == "$":
            self._reference(0)
        elif mark == "\\":
            self._escaped()
        elif not self._comment():
            return self._directive(ends)
        return None

    def _reference(self, slashes: int) -> bool:
        found = self.expressions.reference(slashes)
        if found is None:
            if not slashes:
                self._text += "$"
                self.scanner.position += 1
            return False
        self._add(found)
        return True

    def _escaped(self) -> None:
        """Backslashes count only before a reference or a directive: two print one, an odd one escapes."""
        scanner = self.scanner
        slashes = (scanner.match(SLASHES) or [""])[0]
        if scanner.looking_at("$") and self._reference(len(slashes)):
            return
        directive = DIRECTIVE.match(scanner.text, scanner.position)
        if directive is None or not self._is_directive(directive[1] or directive[2]):
            self._text += slashes
            return
        self._text += "\\" * (len(slashes) // 2)
        if len(slashes) % 2:
            self._text += directive[0]
            scanner.position = directive.end()

    def _comment(self) -> bool:
        scanner = self.scanner
        if scanner.take("##"):
            self._flush()
            scanner.match(LINE_COMMENT)
            return True
        for opening, closing in (("#*", "*#"), ("#[[", "]]#")):
            if scanner.take(opening):
                end = scanner.text.find(closing, scanner.position)
                if end < 0:
                    raise scanner.problem(f"expected {closing!r}")
                if opening == "#[[":
                    self._text += scanner.text[scanner.position : end]
                self._flush()
                scanner.position = end + len(closing)
                return True
        return False

    def _is_directive(self, name: str) -> bool:
        return name in self._directives or name in _ENDS or name.lstrip("@") in self.macros

    def _directive(self, ends: tuple[str, ...]) -> str | None:
        scanner = self.scanner
        start = scanner.position
        found = scanner.match(DIRECTIVE)
        name = (found[1] or found[2]) if found else ""
        if not found or not self._is_directive(name):
            scanner.position = start + 1
            self._text += "#"
        elif name in _ENDS:
            if name not in ends:
                scanner.position = start
                raise scanner.problem(f"#{name} has nothing to end")
            if name != "elseif":
                scanner.match(REST_OF_LINE)
            return name
        elif name in self._directives:
            self._directives[name]()
        else:
            self._call(name)
        return None

    def _set(self) -> None:
        self._text = LEADING_BLANKS.sub("", self._text)
        self._open()
        self.scanner.skip_space()
        target = self.expressions.reference()
        if target is None:
            raise self.scanner.problem("#set needs a reference")
        self.scanner.expect("=")
        value = self.expressions.expression()
        self._close()
        self._add(Set(target, value))

    def _if(self) -> None:
        branches: list[tuple[Expression | None, tuple[Node, ...]]] = []
        name = "if"
        while name in ("if", "elseif"):
            condition = self._condition()
            body, name = self.block(_ENDS)
            branches.append((condition, body))
        if name == "else":
            body, _ = self.block(("end",))
            branches.append((None, body))
        self._add(If(tuple(branches)))

    def _condition(self) -> Expression:
        self._open()
        condition = self.expressions.expression()
        self._close()
        return condition

    def _foreach(self) -> None:
        self._open()
        name = self._variable()
        self.scanner.skip_space()
        self.scanner.expect("in")
        source = self.expressions.expression()
        self._close()
        body, _ = self.block(("end",))
        self._add(Foreach(name, source, body))

    def _leave(self, how: Literal["break", "stop"]) -> None:
        self._optional()
        self._add(Leave(how))

    def _return(self) -> None:
        self._add(Return(self._optional()))

    def _define(self) -> None:
        self.dynamic = True
        self._open()
        name = self._variable()
        self._close()
        body, _ = self.block(("end",))
        self._add(Define(name, body))

    def _macro(self) -> None:
        self._open()
        self.scanner.skip_space()
        name = self.scanner.match(IDENTIFIER)
        if name is None:
            raise self.scanner.problem("#macro needs a name")
        parameters = []
        self.scanner.match(SEPARATOR)
        while not self.scanner.looking_at(")"):
            parameters.append(self._variable())
            self.scanner.match(SEPARATOR)
        self._close()
        body, _ = self.block(("end",))
        self._add(Macro(name[0], tuple(parameters), body))

    def _call(self, name: str) -> None:
        arguments: tuple[Expression, ...] = ()
        if self.scanner.take("("):
            arguments = self.expressions.arguments()
            self.scanner.match(REST_OF_LINE)
        body = self.block(("end",))[0] if name.startswith("@") else None
        self._add(Call(name.lstrip("@"), arguments, body))

    def _evaluate(self) -> None:
        self.dynamic = True
        self._add(Evaluate(self._condition()))

    def _variable(self) -> str:
        self.scanner.skip_space()
        found = self.expressions.reference()
        if found is None or found.parts:
            raise self.scanner.problem("expected a variable")
        return found.root

    def _optional(self) -> Expression | None:
        """``(expression)``, ``()`` or nothing after a directive."""
        scanner, start = self.scanner, self.scanner.position
        scanner.match(BLANKS)
        if not scanner.take("("):
            scanner.position = start
            return None
        scanner.skip_space()
        found = None if scanner.looking_at(")") else self.expressions.expression()
        self._close()
        return found

    def _open(self) -> None:
        self._flush()
        self.scanner.match(BLANKS)
        self.scanner.expect("(")

    def _close(self) -> None:
        self.scanner.expect(")")
        self.scanner.match(REST_OF_LINE)

    def _interpolated(self, text: str) -> tuple[Node, ...]:
        inner = _Parser(text, self.macros, self.scanner.depth)
        body, _ = inner.block(("",))
        self.expressions.names |= inner.expressions.names
        # a directive inside a string becomes a function of its own, which shares the variables
        self.dynamic = (
            self.dynamic or inner.dynamic or not all(isinstance(node, Text | Reference) for node in body)
        )
        return body

    def _add(self, node: Node) -> None:
        self._flush()
        self._nodes.append(node)

    def _flush(self) -> None:
        if self._text:
            self._nodes.append(Text(self._text))
            self._text = ""
