"""A schema as documents: SDL and introspection JSON, whole or type by type."""

from collections.abc import Mapping
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


def introspected(schema: Schema) -> dict[str, Any]:
    """Every type as introspection tells it, by name."""
    return {item["name"]: item for item in gql.introspection_from_schema(schema.types)["__schema"]["types"]}


def type_definition(told: Mapping[str, Any]) -> str:
    """The SDL of a type that introspection told: the way back of ``introspected``. Raises KeyError, TypeError."""
    head = f"{_description(told)}{_KEYWORDS[told['kind']]} {told['name']}"
    if told["kind"] == "SCALAR":
        return head
    if told["kind"] == "UNION":
        return f"{head} = {' | '.join(item['name'] for item in told['possibleTypes'])}"
    if told["kind"] == "ENUM":
        members = [_description(item) + item["name"] for item in told["enumValues"]]
    elif told["kind"] == "INPUT_OBJECT":
        members = [_input(item) for item in told["inputFields"]]
    else:
        members = [_field(item) for item in told["fields"]]
        interfaces = " & ".join(item["name"] for item in told.get("interfaces") or ())
        head += f" implements {interfaces}" if interfaces else ""
    return f"{head} {{\n" + "\n".join(members) + "\n}"


_KEYWORDS = {
    "OBJECT": "type",
    "INTERFACE": "interface",
    "INPUT_OBJECT": "input",
    "ENUM": "enum",
    "UNION": "union",
    "SCALAR": "scalar",
}


def _description(told: Mapping[str, Any]) -> str:
    return f"{orjson.dumps(told['description']).decode()} " if told.get("description") else ""


def _field(told: Mapping[str, Any]) -> str:
    arguments = ", ".join(_input(item) for item in told.get("args") or ())
    given = f"({arguments})" if arguments else ""
    return f"{_description(told)}{told['name']}{given}: {_type(told['type'])}"


def _input(told: Mapping[str, Any]) -> str:
    default = "" if told.get("defaultValue") is None else f" = {told['defaultValue']}"
    return f"{_description(told)}{told['name']}: {_type(told['type'])}{default}"


def _type(told: Mapping[str, Any]) -> str:
    if told["kind"] == "NON_NULL":
        return f"{_type(told['ofType'])}!"
    return f"[{_type(told['ofType'])}]" if told["kind"] == "LIST" else str(told["name"])
