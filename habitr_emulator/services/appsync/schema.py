"""An API's schema, made ready to run: types, access by authentication mode, who hears which mutation."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, cast

import graphql as gql
from graphql.language import ast

from habitr_emulator.services.appsync.errors import GraphQLSchemaException
from habitr_emulator.services.appsync.spec import GraphqlApi

#: What AppSync declares itself. https://docs.aws.amazon.com/appsync/latest/devguide/graphql-directives.html
PRELUDE: Final = """
scalar AWSDate scalar AWSTime scalar AWSDateTime scalar AWSTimestamp scalar AWSEmail scalar AWSJSON scalar AWSURL
scalar AWSPhone scalar AWSIPAddress
directive @aws_api_key on FIELD_DEFINITION | OBJECT
directive @aws_iam on FIELD_DEFINITION | OBJECT
directive @aws_oidc on FIELD_DEFINITION | OBJECT
directive @aws_lambda on FIELD_DEFINITION | OBJECT
directive @aws_auth(cognito_groups: [String!]) on FIELD_DEFINITION
directive @aws_cognito_user_pools(cognito_groups: [String!]) on FIELD_DEFINITION | OBJECT
directive @aws_subscribe(mutations: [String!]) on FIELD_DEFINITION
directive @aws_publish(subscriptions: [String]) on FIELD_DEFINITION
directive @canonical on FIELD_DEFINITION
directive @hidden on FIELD_DEFINITION | OBJECT
directive @renamed on FIELD_DEFINITION | OBJECT
"""
_MODES: Final = {
    "aws_api_key": "API_KEY",
    "aws_iam": "AWS_IAM",
    "aws_oidc": "OPENID_CONNECT",
    "aws_lambda": "AWS_LAMBDA",
    "aws_cognito_user_pools": "AMAZON_COGNITO_USER_POOLS",
    "aws_auth": "AMAZON_COGNITO_USER_POOLS",
}
#: Which modes reach a field, and which groups a user must be in (None: any).
Access = Mapping[str, frozenset[str] | None]


@dataclass(slots=True)
class Schema:
    """A compiled schema. ``groups`` are all Cognito groups that its directives name; ``listeners`` the
    subscription fields by the mutation field that they listen to; ``documents`` reads a text (documents.py).
    """

    api: GraphqlApi
    types: gql.GraphQLSchema
    groups: frozenset[str] = frozenset()
    listeners: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _access: dict[tuple[str, str], Access] = field(default_factory=dict)
    documents: Callable[[str], Any] = field(init=False)

    def allows(self, type_name: str, field_name: str, mode: str, groups: frozenset[str]) -> bool:
        """May a caller of ``mode`` (and, for user pools, of ``groups``) use a field?"""
        access = self._access.get((type_name, field_name))
        if access is None:
            access = self._access[type_name, field_name] = self._of(type_name, field_name)
        if mode not in access:
            return False
        needed = access[mode]
        return needed is None or bool(needed & groups)

    def why_refused(self, type_name: str, field_name: str, mode: str) -> str:
        """A sentence on who may use a field that a caller of ``mode`` may not."""
        access = self._access.get((type_name, field_name)) or self._of(type_name, field_name)
        known = ", ".join(
            name if groups is None else f"{name} in the groups {', '.join(sorted(groups))}"
            for name, groups in sorted(access.items())
        )
        if mode in access and access[mode] is None:
            return f"{type_name}.{field_name} is closed to this caller by the API's authorizer or an IAM policy"
        return f"{type_name}.{field_name} is open to {known or 'nobody'}; the caller is {mode}"

    def _of(self, type_name: str, field_name: str) -> Access:
        named = cast("Any", self.types.type_map[type_name])
        node = named.fields[field_name].ast_node
        on_type = [item for item in (named.ast_node, *named.extension_ast_nodes) if item is not None]
        directives = _access(item for item in (node,) if item is not None)
        default = self.api.auth_modes[0]
        undirected: Access = {} if default.default_action == "DENY" else {default.type: None}
        return directives or _access(iter(on_type)) or undirected

    def root(self, operation: str) -> Any:
        """The root type of ``query``, ``mutation`` or ``subscription``, or None."""
        return getattr(self.types, f"{operation}_type")


def _access(nodes: Iterator[Any]) -> Access:
    found: dict[str, frozenset[str] | None] = {}
    for node in nodes:
        for directive in node.directives or ():
            mode = _MODES.get(directive.name.value)
            if mode is not None:
                found[mode] = _strings(directive, "cognito_groups") or None
    return found


def _strings(directive: ast.DirectiveNode, argument: str) -> frozenset[str]:
    for given in directive.arguments or ():
        if given.name.value == argument:
            values = given.value.values if isinstance(given.value, ast.ListValueNode) else (given.value,)
            return frozenset(cast("Any", value).value for value in values)
    return frozenset()


def compile_schema(api: GraphqlApi) -> Schema:
    """Parse and compile ``api.sdl``; raises GraphQLSchemaException, naming the reason in ``why``."""
    try:
        document = gql.parse(api.sdl, no_location=True)
        types = gql.build_ast_schema(_with_prelude(document), assume_valid=True, assume_valid_sdl=True)
    except (gql.GraphQLError, TypeError) as error:
        raise GraphQLSchemaException(why=f"the schema of API {api.name} cannot be compiled: {error}") from error
    directives = [item for definition in document.definitions for item in _directives(definition)]
    groups = frozenset().union(*(_strings(item, "cognito_groups") for item in directives))
    return Schema(api, types, groups, _listeners(types))


def problem_of(sdl: str) -> str | None:
    """Why a schema cannot be taken, in words; None if it can."""
    try:
        types = gql.build_ast_schema(_with_prelude(gql.parse(sdl)))
    except gql.GraphQLSyntaxError as error:
        return f"Failed to parse schema document - ensure it's a valid SDL-formatted document. {error.message}"
    except (gql.GraphQLError, TypeError) as error:
        return str(error)
    if types.query_type is None:
        return "There is no top level schema object defined."
    return "; ".join(error.message for error in gql.validate_schema(types)) or None


def _directives(definition: Any) -> Iterator[ast.DirectiveNode]:
    yield from getattr(definition, "directives", None) or ()
    for node in getattr(definition, "fields", None) or ():
        yield from node.directives or ()


@lru_cache(maxsize=1)
def _prelude() -> tuple[ast.DefinitionNode, ...]:
    return tuple(gql.parse(PRELUDE, no_location=True).definitions)


def _with_prelude(document: ast.DocumentNode) -> ast.DocumentNode:
    declared = {_named(item) for item in document.definitions}
    missing = [item for item in _prelude() if _named(item) not in declared]
    return ast.DocumentNode(definitions=(*missing, *document.definitions))


def _named(definition: Any) -> tuple[type, str]:
    name = getattr(definition, "name", None)
    return type(definition), name.value if name is not None else ""


def _listeners(types: gql.GraphQLSchema) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name, definition in (types.subscription_type.fields if types.subscription_type else {}).items():
        for directive in definition.ast_node.directives if definition.ast_node else ():
            if directive.name.value == "aws_subscribe":
                for mutation in sorted(_strings(directive, "mutations")):
                    found.setdefault(mutation, []).append(name)
    return {mutation: tuple(names) for mutation, names in found.items()}
