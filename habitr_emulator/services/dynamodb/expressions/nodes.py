"""The syntax trees of expressions, and the error that a bad expression raises."""

from dataclasses import dataclass, field

from habitr_emulator.services.dynamodb.errors import ValidationException


class BadExpression(Exception):
    """What is wrong with an expression; ``invalid_expression`` puts the kind of expression before it."""


def invalid_expression(kind: str, problem: object) -> ValidationException:
    """The error of an expression of ``kind`` (``UpdateExpression``, ``FilterExpression`` …)."""
    return ValidationException(f"Invalid {kind}: {problem}")


class Undefined(str):
    """A placeholder that ExpressionAttributeNames does not define, in the place of its name."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Path:
    """A document path: names and list indexes, placeholders already replaced."""

    elements: tuple[str | int, ...]

    def __str__(self) -> str:
        return "[" + ", ".join(f"[{part}]" if isinstance(part, int) else part for part in self.elements) + "]"


@dataclass(frozen=True, slots=True)
class Value:
    """A ``:value`` placeholder."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function call."""

    name: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """``=``, ``<>``, ``<``, ``<=``, ``>`` or ``>=``."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Between:
    """``operand BETWEEN low AND high``."""

    operand: "Node"
    low: "Node"
    high: "Node"


@dataclass(frozen=True, slots=True)
class In:
    """``operand IN (option, …)``."""

    operand: "Node"
    options: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """``NOT condition``."""

    condition: "Node"


@dataclass(frozen=True, slots=True)
class Both:
    """``condition AND condition AND …``."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """``condition OR condition OR …``."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Something in parentheses; the parser keeps it only to find redundant ones."""

    inner: "Node"


@dataclass(frozen=True, slots=True)
class Sum:
    """``left + right`` or ``left - right`` in SET."""

    operator: str
    left: "Node"
    right: "Node"


Node = Path | Value | Call | Compare | Between | In | Not | Both | Either | Group | Sum
Assignment = tuple[Path, Node]


@dataclass(slots=True)
class Update:
    """An update expression: its sections, each in the order of the text."""

    sets: list[Assignment] = field(default_factory=list)
    removes: list[Path] = field(default_factory=list)
    adds: list[tuple[Path, Value]] = field(default_factory=list)
    deletes: list[tuple[Path, Value]] = field(default_factory=list)

    @property
    def paths(self) -> list[Path]:
        """Every path that the update touches."""
        pairs = (*self.adds, *self.deletes)
        return [*(path for path, _ in self.sets), *self.removes, *(path for path, _ in pairs)]


def bare(node: Node) -> Node:
    """What stands in the parentheses, if it stands in any."""
    while isinstance(node, Group):
        node = node.inner
    return node


COMPARATORS = frozenset({"=", "<>", "<", "<=", ">", ">="})
