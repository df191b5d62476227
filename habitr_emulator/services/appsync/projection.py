"""Projectors: Python generated from a plan, that copy a resolver's value into the answer's shape.

A projector checks every value it copies. What it cannot copy as it is (a null where none may be, a date that
is none) makes it raise, and completion.py does the same value again, slowly, to tell every error with its path.

A *place* says where a value belongs: ``(place of the object, object, key, may it be null)``. Fields that
resolvers make are put on a list as ``(field, object, source, place)``, for the next level.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import graphql as gql

from habitr_emulator.services.appsync.plan import FieldPlan, Plan, Selection
from habitr_emulator.services.appsync.scalars import SCALARS, Scalar

Place = tuple[Any, Any, Any, bool]
#: What a projector raises when a value does not fit: ScalarError is a ValueError, an unknown type a KeyError.
MISFITS: Final = (ValueError, KeyError, TypeError, AttributeError)
_RANGE: Final = "-2147483648 <= {0} <= 2147483647"
#: When a scalar's value may be copied as it is.
_AS_IT_IS: Final = {
    "String": "{0}.__class__ is str",
    "ID": "{0}.__class__ is str",
    "Boolean": "{0}.__class__ is bool",
    "Int": "{0}.__class__ is int and " + _RANGE,
    "Float": "({0}.__class__ is float and {0} - {0} == 0 or {0}.__class__ is int)",
    "AWSTimestamp": "{0}.__class__ is int and -(1 << 63) <= {0} < 1 << 63",
}


class Typed(dict[str, Any]):
    """An object of an interface or union: it remembers its type for the subscribers of a mutation."""

    __slots__ = ("type_name",)
    type_name: str


class Misfit(ValueError):
    """A value that is not what the schema says."""


def items_of(value: Any) -> Iterable[Any]:
    """The items of a list value (DynamoDB's sets are lists too)."""
    if isinstance(value, (list, tuple)):
        return value
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    raise Misfit


def build(plan: Plan, *, written: bool = False) -> None:
    """Give every field of ``plan`` that a resolver makes its projector.

    ``written`` values were already written once (events of a mutation's answer): leaves are copied.
    """
    writer = _Writer(written)
    todo = list(plan.fields)
    names = []
    while todo:
        item = todo.pop()
        if item in plan.fields or item.pending:
            names.append((item, writer.value(item.type, item.selection)))
        if item.selection is not None:
            todo.extend(child for fields in item.selection.types.values() for child in fields)
    made = writer.compile()
    for item, name in names:
        item.complete = made[name]
        item.pure = item.selection is not None and not _impure(item.selection)


class _Writer:
    """Writes the functions of one plan; each takes (value, place, level) and returns the value's answer."""

    def __init__(self, written: bool) -> None:
        self._written = written
        self._lines: list[str] = []
        self._known: dict[str, Any] = {"Typed": Typed, "Misfit": Misfit, "items_of": items_of}
        self._made: dict[tuple[str, int], str] = {}

    def compile(self) -> Mapping[str, Callable[[Any, Any, Any], Any]]:
        exec(compile("\n".join(self._lines), "<plan>", "exec"), self._known)  # noqa: S102 - written above
        return self._known

    def _name(self, value: Any = None) -> str:
        name = f"x{len(self._known)}"
        self._known[name] = value
        return name

    def value(self, expected: Any, selection: Selection | None) -> str:
        """The function of a type."""
        key = (str(expected), id(selection))
        if key not in self._made:
            name = self._made[key] = self._name()
            self._lines += self._function(name, expected, selection)
        return self._made[key]

    def _function(self, name: str, expected: Any, selection: Selection | None) -> list[str]:
        inner = expected.of_type if gql.is_non_null_type(expected) else expected
        required = "raise Misfit" if inner is not expected else "return None"
        head = [f"def {name}(s, p, q):", " if s is None:", f"  {required}"]
        if gql.is_list_type(inner):
            return head + self._list(inner.of_type, selection)
        if selection is None:
            return [*head, *self._leaf("s", inner, True), " return s"]
        if selection.abstract:
            table = self._name()
            entries = []
            for kind, fields in selection.types.items():
                function = self._name()
                self._lines += [f"def {function}(s, p, q):", *self._object(fields, kind)]
                entries.append(f"{kind!r}: {function}")
            self._lines.append(f"{table} = {{{', '.join(entries)}}}")
            return [*head, f" return {table}[s['__typename']](s, p, q)"]
        ((_, fields),) = selection.types.items()
        return head + self._object(fields, "")

    def _list(self, item: Any, selection: Selection | None) -> list[str]:
        function = self.value(item, selection)
        nullable = not gql.is_non_null_type(item)
        checked = " if s.__class__ is not list: s = items_of(s)"
        if selection is None or not _impure(selection):
            return [checked, f" return [{function}(x, None, None) for x in s]"]
        return [
            checked,
            " o = []",
            " i = 0",
            " for x in s:",
            f"  o.append({function}(x, (p, o, i, {nullable}), q))",
            "  i += 1",
            " return o",
        ]

    def _leaf(self, name: str, leaf: Any, required: bool) -> list[str]:
        """Lines that check and write the leaf ``name``."""
        scalar = SCALARS.get(leaf.name)
        refuse = [f" if {name} is None: raise Misfit"] if required else []
        if gql.is_enum_type(leaf) and not self._written:
            members = self._name(frozenset(leaf.values) if required else {None, *leaf.values})
            return [f" if {name} not in {members}: raise Misfit"]
        if self._written or scalar is None:
            return refuse
        write = self._name(scalar.write)
        fits = self._fits(scalar).format(name)
        present = "" if required else f"{name} is not None and "
        return [f" if {present}not ({fits}):", *(" " + line for line in refuse), f"  {name} = {write}({name})"]

    def _fits(self, scalar: Scalar) -> str:
        if scalar.known is not None:
            return "{0}.__class__ is str and " + self._name(scalar.known) + "({0})"
        return _AS_IT_IS.get(scalar.name, "False")

    def _object(self, fields: tuple[FieldPlan, ...], typed: str) -> list[str]:
        """The body of an object with ``fields``; ``typed`` is its type's name if the answer must know it."""
        lines, entries = [" g = s.get"], []
        after: list[str] = []
        for number, item in enumerate(fields):
            entries.append(self._entry(item, f"v{number}", lines, after))
        literal = "{" + ", ".join(entries) + "}"
        lines.append(f" o = Typed({literal})" if typed else f" o = {literal}")
        if typed:
            lines.append(f" o.type_name = {typed!r}")
        return [*lines, *after, " return o"]

    def _entry(self, item: FieldPlan, name: str, lines: list[str], after: list[str]) -> str:
        """Lines for one field; returns its entry in the object's literal."""
        if item.name == "__typename":
            return f"{item.key!r}: {item.parent!r}"
        place = f"(p, o, {item.key!r}, {item.nullable})"
        if item.pending:
            after.append(f" q.append(({self._name(item)}, o, s, {place}))")
            return f"{item.key!r}: None"
        lines.append(f" {name} = g({item.name!r})")
        inner = item.type if item.nullable else item.type.of_type
        if item.selection is None and not gql.is_list_type(inner):
            lines += self._leaf(name, inner, not item.nullable)
            return f"{item.key!r}: {name}"
        function = self.value(item.type, item.selection)
        if item.selection is not None and _impure(item.selection):
            after.append(f" o[{item.key!r}] = {function}({name}, {place}, q)")
            return f"{item.key!r}: None"
        lines.append(f" {name} = {function}({name}, None, None)")
        return f"{item.key!r}: {name}"


def _impure(selection: Selection) -> bool:
    """Does the selection hold, anywhere below, a field that must be resolved?"""
    return any(
        item.pending or (item.selection is not None and _impure(item.selection))
        for fields in selection.types.values()
        for item in fields
    )
