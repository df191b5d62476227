"""The syntax trees of PartiQL statements. Conditions and paths are those of the expression language."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from habitr_emulator.services.dynamodb.expressions.nodes import Both, Compare, Node, Path, Update, Value
from habitr_emulator.wire.typed_value import Native

#: Literals and parameters by the names that ``Value`` nodes have for them.
Values = Mapping[str, Native]


@dataclass(frozen=True, slots=True)
class Select:
    """``SELECT paths FROM table.index WHERE … ORDER BY …``; ``paths`` None is ``*``, ``order`` pairs of a name and
    whether it is descending.
    """

    table: str
    index: str | None
    paths: tuple[Path, ...] | None
    where: Node | None
    order: tuple[tuple[str, bool], ...]
    values: Values


@dataclass(frozen=True, slots=True)
class Exists:
    """``EXISTS(SELECT …)``, a condition of a transaction."""

    select: Select

    @property
    def table(self) -> str:
        """The table that is read."""
        return self.select.table


@dataclass(frozen=True, slots=True)
class Insert:
    """``INSERT INTO table VALUE {…}``."""

    table: str
    item: dict[str, Native]


@dataclass(frozen=True, slots=True)
class Change:
    """``UPDATE table SET … REMOVE … WHERE … RETURNING …``, or ``DELETE FROM table …``, which has no ``update``.

    ``returning`` is in the words of UpdateItem's ReturnValues (``ALL_OLD``, ``UPDATED_NEW`` …).
    """

    table: str
    where: Node
    values: Values
    update: Update | None = None
    returning: str = "NONE"


Statement = Select | Exists | Insert | Change


@dataclass(slots=True)
class Conjunction:
    """The ``parts`` of a condition that must all hold; of them the first equality of each top-level attribute,
    with its value.
    """

    parts: list[Node]
    equalities: dict[str, Native] = field(default_factory=dict)
    _of: dict[str, Node] = field(default_factory=dict)

    def add(self, name: str, value: Native, part: Node) -> None:
        """Take ``part`` for the equality of an attribute, unless there was one before."""
        if self._of.setdefault(name, part) is part:
            self.equalities[name] = value

    def without(self, names: tuple[str, ...]) -> Node | None:
        """What is asked beside the equalities of these attributes, if anything."""
        taken = [self._of[name] for name in names if name in self._of]
        rest = [part for part in self.parts if not any(part is each for each in taken)]
        return None if not rest else rest[0] if len(rest) == 1 else Both(tuple(rest))


def conjunction(where: Node | None, values: Values) -> Conjunction:
    """The parts of ``where``, taken apart at every AND on top."""
    found = Conjunction(_flat(where) if where is not None else [])
    for part in found.parts:
        equality = _equality(part)
        if equality is not None:
            found.add(equality[0], values[equality[1]], part)
    return found


def _flat(node: Node) -> list[Node]:
    return [leaf for part in node.parts for leaf in _flat(part)] if isinstance(node, Both) else [node]


def _equality(node: Node) -> tuple[str, str] | None:
    """The attribute and the value's name, if ``node`` is ``attribute = value`` either way round."""
    match node:
        case Compare("=", Path((str() as name,)), Value(value)) | Compare(
            "=", Value(value), Path((str() as name,))
        ):
            return name, value
    return None
