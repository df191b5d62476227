"""The exact way to make a value's answer: every error with its path, nulls propagated as GraphQL wants.

Only taken when a projector (projection.py) met something that does not fit.
"""

from typing import Any

import graphql as gql

from habitr_emulator.services.appsync.plan import FieldPlan, Selection
from habitr_emulator.services.appsync.projection import Misfit, Place, Typed, items_of
from habitr_emulator.services.appsync.scalars import SCALARS, ScalarError, java_text

Level = list[tuple[FieldPlan, dict[str, Any], Any, Place]]


class Propagate(Exception):
    """A null where none may be: the object around it becomes null."""


def path_of(place: Place | None) -> list[str | int]:
    """The response path of a place."""
    path: list[str | int] = []
    while place is not None:
        path.append(place[2])
        place = place[0]
    return path[::-1]


def path_text(path: list[str | int]) -> str:
    """A path as AppSync prints it: ``/listHabits/items[3]/id``."""
    return "".join(f"[{part}]" if isinstance(part, int) else f"/{part}" for part in path)


class Completion:
    """Completes values; ``errors`` is where they are told, ``level`` takes the fields still to be resolved."""

    def __init__(self, errors: list[dict[str, Any]], level: Level, *, written: bool = False) -> None:
        self._errors = errors
        self._level = level
        self._written = written

    def value(self, item: FieldPlan, value: Any, place: Place) -> Any:
        """The answer of a field's value; raises Propagate if it is null and may not be."""
        return self._value(item.type, item, value, place)

    def tell(self, place: Place, message: str) -> None:
        """One error, unless this path has one."""
        path = path_of(place)
        if not any(error["path"] == path for error in self._errors):
            self._errors.append({"path": path, "locations": None, "message": message})

    def refuse_null(self, item: FieldPlan, place: Place) -> None:
        """Tell that a non-null field is null."""
        self._null(item.type, item, place)

    def _null(self, expected: Any, item: FieldPlan, place: Place) -> None:
        named = gql.get_named_type(expected)
        where = path_text(path_of(place))
        self.tell(
            place, f"Cannot return null for non-nullable type: '{named}' within parent '{item.parent}' ({where})"
        )

    def _value(self, expected: Any, item: FieldPlan, value: Any, place: Place) -> Any:
        if not gql.is_non_null_type(expected):
            return None if value is None else self._present(expected, item, value, place)
        made = None if value is None else self._present(expected.of_type, item, value, place)
        if made is None:
            self._null(expected, item, place)
            raise Propagate
        return made

    def _present(self, expected: Any, item: FieldPlan, value: Any, place: Place) -> Any:
        if gql.is_list_type(expected):
            return self._list(expected, item, value, place)
        if item.selection is not None:
            return self._object(item.selection, value, place)
        if self._written:
            return value
        try:
            return _leaf(expected, value)
        except ScalarError as error:
            self.tell(place, f"Can't serialize value ({path_text(path_of(place))}) : {error}")
            return None

    def _list(self, expected: Any, item: FieldPlan, value: Any, place: Place) -> list[Any] | None:
        try:
            items = items_of(value)
        except Misfit:
            self._mismatch(place, "LIST")
            return None
        made: list[Any] = []
        nullable = not gql.is_non_null_type(expected.of_type)
        for index, entry in enumerate(items):
            try:
                made.append(self._value(expected.of_type, item, entry, (place, made, index, nullable)))
            except Propagate:
                return None
        return made

    def _mismatch(self, place: Place, kind: str) -> None:
        where = path_text(path_of(place))
        self.tell(place, f"Can't resolve value ({where}) : type mismatch error, expected type {kind}")

    def _object(self, selection: Selection, value: Any, place: Place) -> dict[str, Any] | None:
        if not hasattr(value, "get"):
            self._mismatch(place, "OBJECT")
            return None
        found = selection.of(value)
        if found is None:
            where = path_text(path_of(place))
            self.tell(place, f"Can't resolve value ({where}) : the value must name its type in __typename")
            return None
        kind, fields = found
        made = Typed() if selection.abstract else dict[str, Any]()
        if isinstance(made, Typed):
            made.type_name = kind
        failed = False
        for item in fields:
            failed = not self._member(item, value, made, place) or failed
        return None if failed else made

    def _member(self, item: FieldPlan, source: Any, made: dict[str, Any], place: Place) -> bool:
        """Put one field into ``made``; False if it is null and may not be."""
        made[item.key] = None
        here = (place, made, item.key, item.nullable)
        if item.name == "__typename":
            made[item.key] = item.parent
        elif item.pending:
            self._level.append((item, made, source, here))
        else:
            try:
                made[item.key] = self.value(item, source.get(item.name), here)
            except Propagate:
                return False
        return True


def _leaf(expected: Any, value: Any) -> Any:
    if gql.is_enum_type(expected):
        if isinstance(value, str) and value in expected.values:
            return value
        raise ScalarError(f"Unable to serialize `{java_text(value)}` as a valid {expected.name}.")
    scalar = SCALARS.get(expected.name)
    return value if scalar is None else scalar.write(value)
