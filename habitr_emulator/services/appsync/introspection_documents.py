"""A schema as documents: SDL and introspection JSON, whole or type by type."""

from typing import Any

import graphql as gql
import orjson
from graphql.language import ast

from habitr_emulator.services.appsync.schema import Schema


class _WithoutDirectives(gql.Visitor):
    def enter_directive(self, *_args: Any) -> Any:
        """Leave every use of a directive out."""
        return gql.REMOVE


def sdl(schema: Schema, *, directives: bool) -> bytes:
    """The schema as SDL."""
    if directives:
        return schema.api.sdl.encode()
    document = gql.parse(schema.api.sdl)
    kept = [item for item in document.definitions if not isinstance(item, ast.DirectiveDefinitionNode)]
    bare: ast.DocumentNode = gql.visit(ast.DocumentNode(definitions=tuple(kept)), _WithoutDirectives())
    return gql.print_ast(bare).encode()


def introspection(schema: Schema) -> bytes:
    """The answer of the introspection query, as JSON."""
    return orjson.dumps({"data": gql.introspection_from_schema(schema.types)})


def types(schema: Schema, form: str) -> list[dict[str, Any]]:
    """Every type that the SDL declares; ``form`` is SDL or JSON."""
    nodes = [node for node in gql.parse(schema.api.sdl).definitions if isinstance(node, ast.TypeDefinitionNode)]
    if form == "SDL":
        definitions = {node.name.value: gql.print_ast(node) for node in nodes}
    else:
        described = gql.introspection_from_schema(schema.types)["__schema"]["types"]
        definitions = {item["name"]: orjson.dumps(item).decode() for item in described}
    return [
        {
            "name": node.name.value,
            **({"description": node.description.value} if node.description else {}),
            "definition": definitions[node.name.value],
            "format": form,
        }
        for node in nodes
    ]
