"""The types of a schema, one by one: shown, added, replaced and removed in its SDL."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import graphql as gql
import orjson
from graphql.language import ast

from habitr_emulator.services.appsync.apis import DeployedApi
from habitr_emulator.services.appsync.errors import (
    BadRequestException,
    ConcurrentModificationException,
    NotFoundException,
)
from habitr_emulator.services.appsync.introspection_documents import introspected, type_definition
from habitr_emulator.services.appsync.resources import SCHEMA
from habitr_emulator.services.appsync.schema import problem_of

Definitions = dict[str, ast.DefinitionNode]


def described(api: DeployedApi, form: str, arn: str) -> dict[str, dict[str, Any]]:
    """Every type that the SDL declares as a Type, by name; ``form`` is SDL or JSON."""
    sdl = api.spec.sdl
    nodes = _named(gql.parse(sdl)) if sdl.strip() else {}
    texts = introspected(api.schema) if form == "JSON" and nodes else {}
    found = {}
    for name, node in nodes.items():
        description = getattr(node, "description", None)
        definition = orjson.dumps(texts[name]).decode() if form == "JSON" else gql.print_ast(node)
        found[name] = {
            "name": name,
            **({"description": description.value} if description else {}),
            "arn": f"{arn}/types/{name}",
            "definition": definition,
            "format": form,
        }
    return found


def read(definition: str, form: str) -> ast.TypeDefinitionNode:
    """The one type of a definition; raises BadRequestException."""
    try:
        text = definition if form == "SDL" else type_definition(orjson.loads(definition))
        nodes = gql.parse(text, no_location=True).definitions
    except (gql.GraphQLError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadRequestException(f"Unable to parse the type definition: {error}") from None
    if len(nodes) != 1 or not isinstance(nodes[0], ast.TypeDefinitionNode):
        raise BadRequestException("The definition must be one type.")
    return nodes[0]


@contextmanager
def altering(api: DeployedApi) -> Iterator[None]:
    """One call at a time changes a schema; raises ConcurrentModificationException."""
    if api.altering:
        raise ConcurrentModificationException(why="another call is changing the schema of this API")
    api.altering = True
    try:
        yield
    finally:
        api.altering = False


async def change(api: DeployedApi, edit: Callable[[Definitions], None]) -> None:
    """Edit the schema's types; raises BadRequestException if the schema would not hold together any more."""
    with altering(api):
        sdl = api.spec.sdl
        document = gql.parse(sdl) if sdl.strip() else ast.DocumentNode(definitions=())
        others = [node for node in document.definitions if not isinstance(node, ast.TypeDefinitionNode)]
        types: Definitions = dict(_named(document))
        edit(types)
        text = gql.print_ast(ast.DocumentNode(definitions=(*others, *types.values())))
        problem = problem_of(text)
        # a schema that grows type by type has no Query at first
        if problem is not None and "top level schema" not in problem:
            raise BadRequestException(problem)
        await api.put(SCHEMA, "", {"definition": text})


def absent(name: str) -> NotFoundException:
    """The refusal for a type that is not there."""
    return NotFoundException(f"Type {name} not found.")  # guess: the service's wording


def _named(document: ast.DocumentNode) -> dict[str, ast.TypeDefinitionNode]:
    nodes = [node for node in document.definitions if isinstance(node, ast.TypeDefinitionNode)]
    return {node.name.value: node for node in nodes}
