"""The syntax tree of a Velocity template.

Velocity's user guide: https://velocity.apache.org/engine/1.7/user-guide.html
"""

from dataclasses import dataclass
from typing import Literal as OneOf


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant: number, text, true, false, null."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Interpolated:
    """A double-quoted string: a template of its own."""

    body: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class ListLiteral:
    """``[a, b]``."""

    items: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class MapLiteral:
    """``{k: v}``; keys are expressions."""

    entries: tuple[tuple["Expression", "Expression"], ...]


@dataclass(frozen=True, slots=True)
class Range:
    """``[first..last]``."""

    first: "Expression"
    last: "Expression"


@dataclass(frozen=True, slots=True)
class Property:
    """``.name``."""

    name: str


@dataclass(frozen=True, slots=True)
class Method:
    """``.name(arguments)``."""

    name: str
    arguments: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Index:
    """``[expression]``."""

    expression: "Expression"


@dataclass(frozen=True, slots=True)
class Reference:
    """``$root.part…``; ``source`` is its text, which prints when the value is null, unless ``quiet``.

    ``slashes`` counts the backslashes before it (only in text).
    """

    root: str
    parts: tuple[Property | Method | Index, ...]
    quiet: bool
    source: str
    slashes: int = 0


@dataclass(frozen=True, slots=True)
class Binary:
    """``left operator right``; ``left_source`` and ``right_source`` are their texts."""

    operator: str
    left: "Expression"
    right: "Expression"
    left_source: str = ""
    right_source: str = ""


@dataclass(frozen=True, slots=True)
class Not:
    """``!operand``."""

    operand: "Expression"


@dataclass(frozen=True, slots=True)
class Text:
    """What prints as it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Set:
    """``#set($target = value)``."""

    target: Reference
    value: "Expression"


@dataclass(frozen=True, slots=True)
class If:
    """``#if … #elseif … #else … #end``: (condition, body) in order; the else branch has no condition."""

    branches: tuple[tuple["Expression | None", tuple["Node", ...]], ...]


@dataclass(frozen=True, slots=True)
class Foreach:
    """``#foreach($name in source) … #end``."""

    name: str
    source: "Expression"
    body: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Leave:
    """``#break`` and ``#stop``."""

    how: OneOf["break", "stop"]


@dataclass(frozen=True, slots=True)
class Return:
    """``#return`` and ``#return(value)``."""

    value: "Expression | None"


@dataclass(frozen=True, slots=True)
class Define:
    """``#define($name) … #end``: a block that renders wherever the name prints."""

    name: str
    body: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Macro:
    """``#macro(name $a $b) … #end``."""

    name: str
    parameters: tuple[str, ...]
    body: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Call:
    """``#name(arguments)``, or with a body ``#@name(arguments) … #end``."""

    name: str
    arguments: tuple["Expression", ...]
    body: tuple["Node", ...] | None


@dataclass(frozen=True, slots=True)
class Evaluate:
    """``#evaluate(text)``."""

    text: "Expression"


Expression = Literal | Interpolated | ListLiteral | MapLiteral | Range | Reference | Binary | Not
Node = Text | Reference | Set | If | Foreach | Leave | Return | Define | Macro | Call | Evaluate


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed template. ``names`` are the variables that it reads or sets. ``dynamic`` tells that blocks or
    templates made at run time may touch any variable, so that they cannot be locals of one function.
    """

    body: tuple[Node, ...]
    names: frozenset[str]
    dynamic: bool
