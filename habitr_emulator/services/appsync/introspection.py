"""``__schema`` and ``__type``: graphql-core answers them."""

from collections.abc import Mapping
from typing import Any

import graphql as gql
from graphql.language import ast

from habitr_emulator.services.appsync.documents import Operation
from habitr_emulator.services.appsync.plan import FieldPlan
from habitr_emulator.services.appsync.schema import Schema


def introspect(schema: Schema, operation: Operation, item: FieldPlan, variables: Mapping[str, Any]) -> Any:
    """The value of one introspection field, as an operation of its own."""
    document = operation.document
    asked = ast.OperationDefinitionNode(
        operation=gql.OperationType.QUERY,
        name=None,
        variable_definitions=operation.node.variable_definitions,
        directives=(),
        selection_set=ast.SelectionSetNode(selections=item.nodes),
    )
    alone = ast.DocumentNode(definitions=(asked, *document.fragments.values()))
    result = gql.execute_sync(schema.types, alone, variable_values=dict(variables))
    return (result.data or {}).get(item.key)
