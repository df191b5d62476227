"""Documents: parsed and validated once, planned once per kind of caller, and kept."""

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import graphql as gql
from graphql.language import ast

from habitr_emulator.services.appsync.authorization import Requester
from habitr_emulator.services.appsync.errors import BadRequestException
from habitr_emulator.services.appsync.plan import Plan, Planner, conditions_of
from habitr_emulator.services.appsync.projection import build
from habitr_emulator.services.appsync.schema import Schema
from habitr_emulator.services.appsync.validation import syntax_error, validate

KEPT_DOCUMENTS: Final = 512
#: Of the plans of one operation, in fields (plan.Planner.size).
KEPT_SIZE: Final = 4_000
#: Of all documents together.
KEPT_CHARACTERS: Final = 2 * 1024 * 1024
LONGEST_KEPT: Final = 64 * 1024
MOST_TOKENS: Final = 15_000
_EMPTY_BRACES: Final = re.compile(r"\{(?:[\s,]|#[^\n]*\n)*\}")
Variables = dict[str, tuple[ast.VariableDefinitionNode, Any]]


@dataclass(slots=True, eq=False)
class Operation:
    """One operation of a document: its declared variables, and its plans by what they depend on."""

    document: "Document"
    node: ast.OperationDefinitionNode
    kind: str
    variables: Variables
    plans: dict[Any, Plan] = field(default_factory=dict)
    size: int = 0

    def plan(self, who: Requester, variables: Mapping[str, Any], *, event: bool = False) -> Plan:
        """The plan for callers alike to ``who`` and these conditions."""
        schema = self.document.schema
        conditions = {name: variables.get(name) for name in self.document.conditions}
        key = (who.kind(schema), event, *conditions.values())
        found = self.plans.get(key)
        if found is None:
            planner = Planner(schema, self.document.fragments, conditions, who.allowed(schema), event)
            found = planner.plan(self.node)
            build(found, written=event)
            self._keep(key, found, planner.size)
        return found

    def _keep(self, key: Any, plan: Plan, size: int) -> None:
        """Keep a plan; a document's plans together stay small, however many conditions it has."""
        self.size += size
        if self.size > KEPT_SIZE:
            self.plans.clear()
            self.size = size
        if size <= KEPT_SIZE:
            self.plans[key] = plan


@dataclass(slots=True, eq=False)
class Document:
    """A parsed document; ``errors`` (as an answer tells them) says why it cannot run."""

    schema: Schema
    errors: tuple[dict[str, Any], ...] = ()
    conditions: tuple[str, ...] = ()
    node: ast.DocumentNode | None = None
    fragments: dict[str, ast.FragmentDefinitionNode] = field(default_factory=dict)
    operations: dict[str | None, Operation] = field(default_factory=dict)

    def select(self, name: str | None) -> Operation | None:
        """The operation to run: by its name, or the only one; None if there is none of that name.

        Raises BadRequestException if there are several and none is named.
        """
        if name:
            return self.operations.get(name)
        if len(self.operations) > 1:
            raise BadRequestException("Missing operation name.")
        return next(iter(self.operations.values()), None)


class Documents:
    """The documents of one schema, the least recently used are forgotten."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._characters = 0

    def get(self, text: str) -> Document:
        """The document of a text."""
        found = self._kept.get(text)
        if found is not None:
            self._kept.move_to_end(text)
            return found
        found = _read(self._schema, text)
        if len(text) <= LONGEST_KEPT:
            self._kept[text] = found
            self._characters += len(text)
            while len(self._kept) > KEPT_DOCUMENTS or self._characters > KEPT_CHARACTERS:
                forgotten, _ = self._kept.popitem(last=False)
                self._characters -= len(forgotten)
        return found


def _read(schema: Schema, text: str) -> Document:
    try:
        document = _parsed(text)
        errors = validate(schema.types, document)
    except gql.GraphQLError as error:
        return Document(schema, (syntax_error(error, text),))
    except RecursionError:
        deep: dict[str, Any] = {"path": None, "locations": [], "message": "Invalid Syntax : too deep"}
        return Document(schema, (deep,))
    if not errors:
        errors = [_no_root(node) for node in _operations(document) if schema.root(node.operation.value) is None]
    found = Document(schema, tuple(errors), conditions_of(document), document)
    for node in document.definitions:
        if isinstance(node, ast.FragmentDefinitionNode):
            found.fragments[node.name.value] = node
        elif isinstance(node, ast.OperationDefinitionNode):
            name = node.name.value if node.name else None
            found.operations[name] = Operation(found, node, node.operation.value, _variables(schema, node))
    return found


def _parsed(text: str) -> ast.DocumentNode:
    """The document of a text; raises GraphQLSyntaxError, also for an empty selection set, which some versions of
    graphql-core let pass.
    """
    document = gql.parse(text, max_tokens=MOST_TOKENS)
    if _EMPTY_BRACES.search(text):
        gql.visit(document, _NoEmptySelections())
    return document


class _NoEmptySelections(gql.Visitor):
    def enter_selection_set(self, node: ast.SelectionSetNode, *_: Any) -> None:
        """Refuse an empty one at its closing brace."""
        if not node.selections and node.loc is not None:
            raise gql.GraphQLSyntaxError(node.loc.source, node.loc.end_token.start, "Expected Name, found '}'.")


def _operations(document: ast.DocumentNode) -> list[ast.OperationDefinitionNode]:
    return [node for node in document.definitions if isinstance(node, ast.OperationDefinitionNode)]


def _no_root(node: ast.OperationDefinitionNode) -> dict[str, Any]:
    kind = node.operation.value
    return {"path": None, "locations": [], "message": f"Schema is not configured for {kind}s."}


def _variables(schema: Schema, node: ast.OperationDefinitionNode) -> Variables:
    return {
        item.variable.name.value: (item, gql.type_from_ast(schema.types, item.type))
        for item in node.variable_definitions or ()
    }
