"""Is the schema a schema? GraphQL's own SDL rules over the document plus the transformer's directives."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from graphql import GraphQLError, GraphQLSchema, parse, visit
from graphql.language import ParallelVisitor, ast
from graphql.language.ast import QUERY_DOCUMENT_KEYS
from graphql.utilities import TypeInfo, TypeInfoVisitor, build_ast_schema
from graphql.validation import ValidationContext, ValuesOfCorrectTypeRule
from graphql.validation.specified_rules import specified_sdl_rules
from graphql.validation.validation_context import SDLValidationContext

from habitr_emulator.amplify.transform import extensions, wording
from habitr_emulator.amplify.transform.flags import V1_DIRECTIVES
from habitr_emulator.kernel.errors import ProjectError

#: Directives of the other version: which of them is named in the refusal.
_FOREIGN = {
    1: ("primaryKey", "index", "hasOne", "hasMany", "belongsTo", "manyToMany", "default", "mapsTo"),
    2: V1_DIRECTIVES,
}
_WHENCE = {1: "the newer", 2: "an older"}
#: What the rules visit: names and descriptions are half of a document's nodes, and no rule is about them.
_VISITED = {
    kind: tuple(key for key in keys if key not in ("name", "description"))
    for kind, keys in QUERY_DOCUMENT_KEYS.items()
}

_SHARED = """
scalar AWSDate scalar AWSTime scalar AWSDateTime scalar AWSTimestamp scalar AWSEmail scalar AWSJSON
scalar AWSURL scalar AWSPhone scalar AWSIPAddress scalar BigInt scalar Double
directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION
directive @aws_auth(cognito_groups: [String!]!) on FIELD_DEFINITION
directive @aws_api_key on FIELD_DEFINITION | OBJECT
directive @aws_iam on FIELD_DEFINITION | OBJECT
directive @aws_oidc on FIELD_DEFINITION | OBJECT
directive @aws_cognito_user_pools(cognito_groups: [String!]) on FIELD_DEFINITION | OBJECT
directive @aws_lambda on FIELD_DEFINITION | OBJECT
directive @deprecated(reason: String) on FIELD_DEFINITION | INPUT_FIELD_DEFINITION | ENUM | ENUM_VALUE
directive @model(queries: ModelQueryMap, mutations: ModelMutationMap, subscriptions: ModelSubscriptionMap
  timestamps: TimestampConfiguration) on OBJECT
input ModelMutationMap { create: String update: String delete: String }
input ModelQueryMap { get: String list: String }
input ModelSubscriptionMap { onCreate: [String] onUpdate: [String] onDelete: [String]
  level: ModelSubscriptionLevel }
enum ModelSubscriptionLevel { off public on }
input TimestampConfiguration { createdAt: String updatedAt: String }
directive @http(method: HttpMethod = GET, url: String!, headers: [HttpHeader] = []) on FIELD_DEFINITION
enum HttpMethod { GET POST PUT DELETE PATCH }
input HttpHeader { key: String value: String }
directive @predictions(actions: [PredictionsActions!]!) on FIELD_DEFINITION
enum PredictionsActions { identifyText identifyLabels convertTextToSpeech translateText }
directive @searchable(queries: SearchableQueryMap) on OBJECT
input SearchableQueryMap { search: String }
directive @auth(rules: [AuthRule!]!) on OBJECT | FIELD_DEFINITION
"""
_V1 = """
directive @function(name: String!, region: String) repeatable on FIELD_DEFINITION
directive @key(fields: [String!]!, name: String, queryField: String) repeatable on OBJECT
directive @connection(name: String, keyField: String, sortField: String, keyName: String, limit: Int
  fields: [String!]) on FIELD_DEFINITION
directive @versioned(versionField: String = "version", versionInput: String = "expectedVersion") on OBJECT
input AuthRule { allow: AuthStrategy! provider: AuthProvider identityClaim: String groupClaim: String
  ownerField: String groupsField: String groups: [String] operations: [ModelOperation] queries: [ModelQuery]
  mutations: [ModelMutation] }
enum AuthStrategy { owner groups private public }
enum AuthProvider { apiKey iam oidc userPools }
enum ModelOperation { create update delete read }
enum ModelQuery { get list }
enum ModelMutation { create update delete }
"""
_V2 = """
directive @function(name: String!, region: String, accountId: String, invocationType: FunctionInvocationType,
  onSuccess: FunctionOnSuccess) repeatable on FIELD_DEFINITION
enum FunctionInvocationType { RequestResponse Event }
input FunctionOnSuccess { type: String }
directive @primaryKey(sortKeyFields: [String]) on FIELD_DEFINITION
directive @index(name: String, sortKeyFields: [String], queryField: String) repeatable on FIELD_DEFINITION
directive @hasOne(fields: [String!], references: [String!]) on FIELD_DEFINITION
directive @hasMany(indexName: String, fields: [String!], references: [String!], limit: Int = 100)
  on FIELD_DEFINITION
directive @belongsTo(fields: [String!], references: [String!]) on FIELD_DEFINITION
directive @manyToMany(relationName: String!, limit: Int = 100) on FIELD_DEFINITION
directive @default(value: String!) on FIELD_DEFINITION
directive @mapsTo(name: String!) on OBJECT
directive @refersTo(name: String!) on OBJECT | FIELD_DEFINITION
directive @sql(statement: String, reference: String) on FIELD_DEFINITION
input AuthRule { allow: AuthStrategy! provider: AuthProvider identityClaim: String groupClaim: String
  ownerField: String groupsField: String groups: [String] operations: [ModelOperation] }
enum AuthStrategy { owner groups private public custom }
enum AuthProvider { apiKey iam identityPool oidc userPools function }
enum ModelOperation { create update delete read list get sync listen search }
"""


@cache
def _known(version: int) -> tuple[ast.DefinitionNode, ...]:
    return tuple(parse(_SHARED + (_V1 if version == 1 else _V2), no_location=True).definitions)


def validate(tree: ast.DocumentNode, file: str, version: int = 2) -> None:
    """Raise ProjectError with the transformer's own message for what is not a schema."""
    extensions.check_targets(tree, file)
    errors = _broken_rules(ast.DocumentNode(definitions=(*_known(version), *tree.definitions)))
    errors = errors or sorted(_wrong_arguments(tree, version), key=_position)
    if not errors:
        _refuse_unknown_directives(tree, file)
        extensions.check_directives(tree, file, _roots(tree))
        return
    foreign = [name for name in _FOREIGN[version] if any(_unknown_directive(error, name) for error in errors)]
    others = [error for error in errors if not any(_unknown_directive(error, name) for name in foreign)]
    place = errors[0].locations[0] if errors[0].locations else None
    raise ProjectError(
        _message(sorted(foreign, key=str(errors).index), others, version),
        file=file,
        line=place.line if place else 0,
        column=place.column if place else 0,
    )


def _broken_rules(document: ast.DocumentNode) -> list[GraphQLError]:
    """As ``validate_sdl``, in half of its time."""
    errors = list[GraphQLError]()
    context = SDLValidationContext(document, None, errors.append)
    visit(document, ParallelVisitor([rule(context) for rule in specified_sdl_rules]), _VISITED)
    return errors


def _roots(tree: ast.DocumentNode) -> set[str]:
    """The names of the root types."""
    renamed = {
        root.operation.value: root.type.name.value
        for node in tree.definitions
        if isinstance(node, ast.SchemaDefinitionNode)
        for root in node.operation_types
    }
    return set({"query": "Query", "mutation": "Mutation", "subscription": "Subscription", **renamed}.values())


def _refuse_unknown_directives(tree: ast.DocumentNode, file: str) -> None:
    """A directive that the schema defines itself is still none that a transformer knows."""
    own = {node.name.value for node in tree.definitions if isinstance(node, ast.DirectiveDefinitionNode)}
    for node in tree.definitions if own else ():
        for used in (node, *(getattr(node, "fields", None) or ())):
            for directive in getattr(used, "directives", None) or ():
                if directive.name.value in own:
                    place = directive.loc.start_token
                    raise ProjectError(
                        f"Unknown directive '{directive.name.value}'. Either remove the directive from the schema "
                        "or add a transformer to handle it.",
                        file=file,
                        line=place.line,
                        column=place.column,
                    )


def _position(error: GraphQLError) -> int:
    return next(iter(error.positions or ()), 0)


@cache
def _directives(version: int) -> GraphQLSchema:
    return build_ast_schema(ast.DocumentNode(definitions=_known(version)), assume_valid=True)


def _wrong_arguments(tree: ast.DocumentNode, version: int) -> list[GraphQLError]:
    """Values of directive arguments that do not fit their types: a misspelt strategy, an unknown member."""
    schema, errors = _directives(version), list[GraphQLError]()
    info = TypeInfo(schema)
    context = ValidationContext(schema, tree, info, errors.append)
    visitor = TypeInfoVisitor(info, ValuesOfCorrectTypeRule(context))
    for node in tree.definitions:
        for used in _annotated(node):
            for directive in used.directives or ():
                if directive.arguments:
                    visit(directive, visitor)
    return errors


def _annotated(node: Any) -> Iterator[Any]:
    """A definition and all in it that can have directives."""
    yield node
    for member in (*(getattr(node, "fields", None) or ()), *(getattr(node, "values", None) or ())):
        yield member
        yield from getattr(member, "arguments", None) or ()


def _unknown_directive(error: GraphQLError, name: str) -> bool:
    return error.message.startswith("Unknown directive") and error.message.rstrip(".'\"").endswith(f"@{name}")


def _message(foreign: list[str], others: list[GraphQLError], version: int) -> str:
    listed = "\n\n".join(wording.printed(error, _directives(version)) for error in others)
    if not foreign:
        return f"Schema validation failed.\n\n{listed} "
    names = ", ".join(f'"@{name}"' for name in foreign)
    message = (
        f"Your GraphQL Schema is using {names} {'directives' if len(foreign) > 1 else 'directive'} from "
        f"{_WHENCE[version]} version of the GraphQL Transformer. Visit "
        "https://docs.amplify.aws/cli/migration/transformer-migration/ to learn how to migrate your GraphQL "
        "schema."
    )
    if not others:
        return message
    return (
        f"{message} There are additional validation errors listed below{':' if version == 1 else ''} \n\n {listed}"
    )
