"""A plan: what one operation selects, merged and typed once, for callers of one kind.

Made per document, operation, values of ``@skip``/``@include`` conditions and kind of caller, and kept; a
request only runs it. Fragments, interfaces and unions are gone: an object's selection stands for each
concrete type that it may have.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

import graphql as gql
from graphql.language import ast

from habitr_emulator.services.appsync.arguments import Arguments, compile_arguments
from habitr_emulator.services.appsync.schema import Schema
from habitr_emulator.services.appsync.spec import Resolver

#: So many fields may a plan look at. Fragments that spread each other twice grow exponentially, which no count
#: of tokens sees.
MOST_FIELDS: Final = 50_000
#: May the caller use the field of the type? (type name, field name)
Allowed = Callable[[str, str], bool]


@dataclass(slots=True, eq=False)
class FieldPlan:
    """One response key: ``denied`` means that the caller may not see it. ``complete`` is the generated projector
    of its value (projection.py); ``pure`` says that equal values may share one answer, as nothing in it is
    resolved later; ``prompt`` that its data sources keep nobody waiting.
    """

    key: str
    name: str
    parent: str
    type: Any
    resolver: Resolver | None
    arguments: Arguments
    provided: frozenset[str]
    nodes: tuple[ast.FieldNode, ...]
    denied: bool = False
    selection: "Selection | None" = None
    complete: Callable[[Any, Any, Any], Any] | None = None
    pure: bool = False
    prompt: bool = True

    @property
    def nullable(self) -> bool:
        """May the field be null?"""
        return not gql.is_non_null_type(self.type)

    @property
    def pending(self) -> bool:
        """Must it be resolved at a level of its own (rather than copied from its source)?"""
        return self.denied or self.resolver is not None

    @property
    def locations(self) -> list[dict[str, Any]]:
        """Where the document asks for it, as errors tell it."""
        found = []
        for node in self.nodes[:1]:
            if node.loc is not None:
                at = gql.get_location(node.loc.source, node.loc.start)
                found.append({"line": at.line, "column": at.column, "sourceName": None})
        return found


@dataclass(slots=True, eq=False)
class Selection:
    """The fields that a composite value shows, by its concrete type. ``abstract``: the value must name it."""

    abstract: bool
    types: Mapping[str, tuple[FieldPlan, ...]]

    def of(self, value: Any) -> tuple[str, tuple[FieldPlan, ...]] | None:
        """Type and fields of ``value`` (a map with ``__typename`` if abstract), or None if it has none of them."""
        if not self.abstract:
            return next(iter(self.types.items()))
        name = value.get("__typename")
        return (name, self.types[name]) if name in self.types else None

    def every(self) -> Iterator[FieldPlan]:
        """The fields of all types, each response key once."""
        seen = set()
        for fields in self.types.values():
            for item in fields:
                if item.key not in seen:
                    seen.add(item.key)
                    yield item


@dataclass(slots=True, eq=False)
class Plan:
    """An operation, ready to run. ``depth`` counts nested selection sets (queryDepthLimit)."""

    operation: str
    fields: tuple[FieldPlan, ...]
    depth: int = 0
    introspects: bool = field(default=False)


class TooLarge(Exception):
    """An operation selects more than ``MOST_FIELDS`` fields, fragments counted wherever they are spread."""


@dataclass(slots=True)
class Planner:
    """Makes the plan of one operation. ``event`` plans a subscription's event: no resolver runs for it.

    ``size`` is how many fields and fragments it has looked at.
    """

    schema: Schema
    fragments: Mapping[str, ast.FragmentDefinitionNode]
    conditions: Mapping[str, Any]
    allowed: Allowed
    event: bool = False
    size: int = 0
    _depth: int = 0

    def plan(self, operation: ast.OperationDefinitionNode) -> Plan:
        """The plan of ``operation`` (valid, its root type exists). Raises TooLarge."""
        kind = operation.operation.value
        root = self.schema.root(kind)
        fields = self._fields(root, [operation.selection_set], 1)
        return Plan(kind, fields, self._depth, any(item.name.startswith("__") for item in fields))

    def _fields(self, parent: Any, sets: list[ast.SelectionSetNode], depth: int) -> tuple[FieldPlan, ...]:
        self._depth = max(self._depth, depth)
        collected: dict[str, list[ast.FieldNode]] = {}
        seen: set[str] = set()
        for item in sets:
            self._collect(parent, item, collected, seen)
        return tuple(self._field(parent, key, nodes, depth) for key, nodes in collected.items())

    def _collect(
        self,
        parent: Any,
        selections: ast.SelectionSetNode,
        into: dict[str, list[ast.FieldNode]],
        seen: set[str],
    ) -> None:
        self.size += len(selections.selections)
        if self.size > MOST_FIELDS:
            raise TooLarge
        for node in selections.selections:
            if not self._included(node):
                continue
            if isinstance(node, ast.FieldNode):
                into.setdefault((node.alias or node.name).value, []).append(node)
            elif isinstance(node, ast.InlineFragmentNode):
                if self._applies(node.type_condition, parent):
                    self._collect(parent, node.selection_set, into, seen)
            elif isinstance(node, ast.FragmentSpreadNode) and node.name.value not in seen:
                seen.add(node.name.value)
                fragment = self.fragments[node.name.value]
                if self._applies(fragment.type_condition, parent):
                    self._collect(parent, fragment.selection_set, into, seen)

    def _included(self, node: ast.SelectionNode) -> bool:
        for directive in node.directives or ():
            if directive.name.value in ("skip", "include"):
                given = next(iter(directive.arguments or ())).value
                known = isinstance(given, ast.BooleanValueNode) and given.value
                value = self.conditions.get(given.name.value) if isinstance(given, ast.VariableNode) else known
                if bool(value) == (directive.name.value == "skip"):
                    return False
        return True

    def _applies(self, condition: ast.NamedTypeNode | None, parent: Any) -> bool:
        if condition is None or condition.name.value == parent.name:
            return True
        named = self.schema.types.type_map[condition.name.value]
        return gql.is_abstract_type(named) and self.schema.types.is_sub_type(named, parent)

    def _field(self, parent: Any, key: str, nodes: list[ast.FieldNode], depth: int) -> FieldPlan:
        name = nodes[0].name.value
        if name.startswith("__"):
            expected: Any = gql.GraphQLNonNull(gql.GraphQLString) if name == "__typename" else gql.GraphQLString
            return FieldPlan(key, name, parent.name, expected, None, lambda _: {}, frozenset(), tuple(nodes))
        definition = parent.fields[name]
        arguments, provided = compile_arguments(definition, nodes[0])
        resolver = None if self.event else self.schema.api.resolvers.get((parent.name, name))
        denied = not self.allowed(parent.name, name)
        made = FieldPlan(
            key, name, parent.name, definition.type, resolver, arguments, provided, tuple(nodes), denied
        )
        made.prompt = resolver is None or self.schema.api.answers_promptly(resolver)
        named = gql.get_named_type(definition.type)
        if gql.is_composite_type(named):
            sets = [node.selection_set for node in nodes if node.selection_set is not None]
            abstract = gql.is_abstract_type(named)
            possible = self.schema.types.get_possible_types(named) if abstract else [named]  # type: ignore[arg-type]
            made.selection = Selection(
                abstract, {item.name: self._fields(item, sets, depth + 1) for item in cast("Any", possible)}
            )
        return made


def conditions_of(document: ast.DocumentNode) -> tuple[str, ...]:
    """The variables that ``@skip`` and ``@include`` ask in a document."""
    found: set[str] = set()

    def walk(selections: ast.SelectionSetNode | None) -> None:
        for node in selections.selections if selections is not None else ():
            for directive in node.directives or ():
                for argument in (directive.arguments or ()) if directive.name.value in ("skip", "include") else ():
                    if isinstance(argument.value, ast.VariableNode):
                        found.add(argument.value.name.value)
            walk(getattr(node, "selection_set", None))

    for definition in document.definitions:
        walk(getattr(definition, "selection_set", None))
    return tuple(sorted(found))
