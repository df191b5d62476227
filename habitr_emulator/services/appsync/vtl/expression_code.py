"""Python source for Velocity's references and expressions."""

from collections.abc import Callable
from typing import Any

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
    Text,
)

_COMPARISONS = {
    "==": "equal({0}, {1})",
    "!=": "not equal({0}, {1})",
    "<": "less({0}, {1})",
    "<=": "at_most({0}, {1})",
    ">": "less({1}, {0})",
    ">=": "at_most({1}, {0})",
}
_ARITHMETIC = {"-": "subtract", "*": "multiply", "/": "divide", "%": "modulo"}
_TOOLS = ("util", "utils")


class ExpressionCode:
    """Turns expressions into Python source.

    ``variable`` gives the source that reads a variable; ``function`` writes a block of nodes as a function
    and gives its name.
    """

    def __init__(self, variable: Callable[[str], str], function: Callable[[tuple[Node, ...]], str]) -> None:
        self._variable, self._function = variable, function
        self._temporaries = 0
        self._kinds: dict[type, Callable[[Any], str]] = {
            Literal: lambda node: _constant(node.value),
            Interpolated: self._interpolated,
            ListLiteral: lambda node: f"[{', '.join(map(self.of, node.items))}]",
            MapLiteral: self._map,
            Range: lambda node: f"span({self.of(node.first)}, {self.of(node.last)})",
            Reference: self.reference,
            Binary: self._binary,
            Not: self.truth,
        }

    def of(self, node: Expression) -> str:
        """The source of the expression's value."""
        return self._kinds[type(node)](node)

    def truth(self, node: Expression) -> str:
        """The source of its truth: only null and false are false."""
        if isinstance(node, Not):
            return f"(not {self.truth(node.operand)})"
        if isinstance(node, Binary) and (node.operator in _COMPARISONS or node.operator in ("and", "or")):
            return self._binary(node)
        name = self.temporary()
        return f"(({name} := {self.of(node)}) is not None and {name} is not False)"

    def temporary(self) -> str:
        """A fresh local name."""
        self._temporaries += 1
        return f"t{self._temporaries}"

    def reference(self, node: Reference) -> str:
        """The source of a reference's value. What follows a null is not evaluated."""
        code = self._variable(node.root)
        for at, part in enumerate(node.parts):
            safe = at == 0 or (node.root in _TOOLS and at == 1)
            code = self._part(code, part, safe and node.root in _TOOLS)
        return code

    def _part(self, owner: str, part: Property | Method | Index, never_null: bool) -> str:
        if isinstance(part, Property):
            return f"prop({owner}, {part.name!r})"
        inner = part.arguments if isinstance(part, Method) else (part.expression,)
        arguments = "".join(f", {self.of(argument)}" for argument in inner)
        name = f", {part.name!r}" if isinstance(part, Method) else ""
        function = "call" if isinstance(part, Method) else "item"
        if never_null or all(_harmless(argument) for argument in inner):
            return f"{function}({owner}{name}{arguments})"
        held = self.temporary()
        return f"(None if ({held} := {owner}) is None else {function}({held}{name}{arguments}))"

    def _binary(self, node: Binary) -> str:
        if node.operator in ("and", "or"):
            return f"({self.truth(node.left)} {node.operator} {self.truth(node.right)})"
        left, right = self.of(node.left), self.of(node.right)
        if node.operator in _COMPARISONS:
            return f"({_COMPARISONS[node.operator].format(left, right)})"
        if node.operator == "+":
            return f"add({left}, {right}, {node.left_source.strip()!r}, {node.right_source.strip()!r})"
        return f"{_ARITHMETIC[node.operator]}({left}, {right})"

    def _map(self, node: MapLiteral) -> str:
        return "{" + ", ".join(f"{self.of(key)}: {self.of(value)}" for key, value in node.entries) + "}"

    def _interpolated(self, node: Interpolated) -> str:
        parts = []
        for part in node.body:
            if isinstance(part, Text):
                parts.append(repr(part.text))
            elif isinstance(part, Reference):
                parts.append(self._printed(part))
            else:
                return f"Block({self._function(node.body)}, scope, budget).render()"
        return f"concat(({', '.join(parts)},))"

    def _printed(self, node: Reference) -> str:
        if node.slashes:
            source = node.source.lstrip("\\")
            return f"escaped({self.reference(node)}, {source!r}, {node.quiet}, {node.slashes})"
        return f"text({self.reference(node)}, {'' if node.quiet else node.source!r})"


def _constant(value: str | int | float | bool | None) -> str:
    return f"float('{value}')" if isinstance(value, float) else repr(value)


def _harmless(node: Expression) -> bool:
    """Whether evaluating it can neither fail nor change anything."""
    if isinstance(node, Literal):
        return True
    return isinstance(node, Reference) and all(isinstance(part, Property) for part in node.parts)
