"""A GraphQL schema as plain, mutable objects: parsed from SDL, printed as SDL.

graphql-core's own nodes are frozen in shape and slow to build; the transformer adds and replaces thousands of
fields, so it works on these and touches graphql-core only to parse and to validate.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["type", "interface", "union", "enum", "input", "scalar"]


@dataclass(slots=True)
class Directive:
    """``arguments`` are Python values (enums as strings), ``text`` is the directive as printed; ``offset``
    counts the characters before it.
    """

    name: str
    text: str
    arguments: dict[str, Any] = field(default_factory=dict)
    line: int = 0
    column: int = 0
    offset: int = 0


@dataclass(slots=True)
class Argument:
    """An argument of a field; ``default`` is printed text."""

    name: str
    type: str
    default: str | None = None
    directives: list[Directive] = field(default_factory=list)


@dataclass(slots=True)
class Field:
    """A field of a type or an input; ``type`` is its printed type (``[ID!]!``)."""

    name: str
    type: str
    arguments: dict[str, Argument] = field(default_factory=dict)
    directives: list[Directive] = field(default_factory=list)
    default: str | None = None
    line: int = 0
    column: int = 0

    def directive(self, name: str) -> Directive | None:
        """The first directive of that name."""
        return next((found for found in self.directives if found.name == name), None)


@dataclass(slots=True)
class Type:
    """Any named type definition; which members matter depends on ``kind``."""

    kind: Kind
    name: str
    fields: dict[str, Field] = field(default_factory=dict)
    directives: list[Directive] = field(default_factory=list)
    values: dict[str, list[Directive]] = field(default_factory=dict)
    members: list[str] = field(default_factory=list)
    interfaces: list[str] = field(default_factory=list)
    line: int = 0
    column: int = 0

    def directive(self, name: str) -> Directive | None:
        """The first directive of that name."""
        return next((found for found in self.directives if found.name == name), None)


@dataclass(slots=True)
class Document:
    """Types by name, in order, and the root types' names."""

    types: dict[str, Type] = field(default_factory=dict)
    roots: dict[str, str] = field(
        default_factory=lambda: {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}
    )

    def root(self, operation: str) -> Type:
        """The root type of ``query``, ``mutation`` or ``subscription``, made when first asked for."""
        name = self.roots[operation]
        if name not in self.types:
            self.types[name] = Type("type", name)
        return self.types[name]

    def is_enum(self, name: str) -> bool:
        """Whether the document defines an enum of that name."""
        found = self.types.get(name)
        return found is not None and found.kind == "enum"


def base(type_text: str) -> str:
    """The named type inside lists and non-nulls."""
    return type_text.strip("[]!")


def is_list(type_text: str) -> bool:
    """Whether values are lists."""
    return type_text.startswith("[")


def non_null(type_text: str) -> bool:
    """Whether null is excluded."""
    return type_text.endswith("!")


def nullable(type_text: str) -> str:
    """The type without its outermost ``!``."""
    return type_text.removesuffix("!")


def inputs(name: str, pairs: Iterable[tuple[str, str]]) -> Type:
    """An input type from names and types."""
    return Type("input", name, {key: Field(key, kind) for key, kind in pairs})


def enum(name: str, values: Iterable[str]) -> Type:
    """An enum type."""
    return Type("enum", name, values={value: [] for value in values})


def arguments(*pairs: tuple[str, str]) -> dict[str, Argument]:
    """A field's arguments from names and types."""
    return {name: Argument(name, kind) for name, kind in pairs}


def bare(name: str) -> Directive:
    """A directive without arguments."""
    return Directive(name, f"@{name}")
