"""``$ctx.info``, worked out when a template asks."""

from collections.abc import Mapping
from typing import Any

from graphql.language import print_ast

from habitr_emulator.services.appsync.plan import FieldPlan, Selection
from habitr_emulator.services.appsync.spec import FieldInfo


class LazyFieldInfo(FieldInfo):
    """A FieldInfo whose selection sets are made when first read: most resolvers never look."""

    __slots__ = ("_list", "_plan")

    def __init__(self, plan: FieldPlan, variables: Mapping[str, Any]) -> None:
        self.field_name, self.parent_type_name, self.variables = plan.name, plan.parent, variables
        self._plan = plan
        self._list: list[str] | None = None

    @property
    def selection_set_list(self) -> list[str]:  # type: ignore[override]
        """Slash paths of what is selected below the field: ``["items", "items/id", "nextToken"]``."""
        if self._list is None:
            self._list = _paths(self._plan.selection, "")
        return self._list

    @property
    def selection_set_graphql(self) -> str:  # type: ignore[override]
        """The selection set as text."""
        sets = [node.selection_set for node in self._plan.nodes if node.selection_set is not None]
        return print_ast(sets[0]) if sets else ""


def _paths(selection: Selection | None, prefix: str) -> list[str]:
    found: list[str] = []
    for item in selection.every() if selection is not None else ():
        found.append(prefix + item.key)
        found += _paths(item.selection, f"{prefix}{item.key}/")
    return found
