"""From descriptions, as AWS's control plane takes and shows them, to an API that can run.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_Types.html
"""

from collections.abc import Mapping
from typing import Any

from habitr_emulator.services.appsync import resources
from habitr_emulator.services.appsync.descriptions import function_id
from habitr_emulator.services.appsync.resources import Description, Kept
from habitr_emulator.services.appsync.spec import (
    ApiKey,
    AuthMode,
    DataSource,
    Function,
    GraphqlApi,
    JavaScript,
    Resolver,
    Template,
    Vtl,
)
from habitr_emulator.services.context import Account


def assemble(account: Account, api_id: str, brought: GraphqlApi | None, kept: Kept) -> GraphqlApi:
    """The API that the project ``brought`` (if it did) with what calls have made over it."""
    base = brought or GraphqlApi(api_id, "", "", (AuthMode("API_KEY"),))
    if not kept:
        return base
    settings = kept.get(resources.API, {}).get("") or {}
    sources = kept.get(resources.DATA_SOURCE, {})
    return GraphqlApi(
        api_id,
        settings.get("name", base.name),
        (kept.get(resources.SCHEMA, {}).get("") or {}).get("definition", base.sdl),
        auth_modes(settings) if "authenticationType" in settings else base.auth_modes,
        tuple(_over({key.id: key for key in base.api_keys}, kept.get(resources.KEY, {}), api_key).values()),
        _over(base.data_sources, sources, data_source),
        _resolvers(base, kept),
        (kept.get(resources.ENVIRONMENT, {}).get("") or {}).get("variables", base.environment),
        settings.get("queryDepthLimit", base.query_depth_limit),
        settings.get("resolverCountLimit", base.resolver_count_limit),
        settings.get("introspectionConfig", "ENABLED" if base.introspection else "DISABLED") == "ENABLED",
    )


def _over(brought: Mapping[Any, Any], kept: Mapping[Any, Description | None], read: Any) -> dict[Any, Any]:
    """What the project brought with what is kept over it."""
    made = {name: item for name, item in brought.items() if name not in kept}
    return made | {name: read(told) for name, told in kept.items() if told is not None}


def _resolvers(base: GraphqlApi, kept: Kept) -> dict[tuple[str, str], Resolver]:
    functions = _over(_functions(base), kept.get(resources.FUNCTION, {}), function)
    told = {_field(name): item for name, item in kept.get(resources.RESOLVER, {}).items()}
    return _over(base.resolvers, told, lambda item: resolver(item, functions))


def _field(name: str) -> tuple[str, str]:
    type_name, _, field = name.partition(".")
    return type_name, field


def _functions(api: GraphqlApi) -> dict[str, Function]:
    """The functions of a project's pipelines by their ids."""
    pipelines = [item for item in api.resolvers.values() if item.kind == "PIPELINE"]
    return {function_id(api.api_id, item.name): item for one in pipelines for item in one.functions}


def api_key(told: Description) -> ApiKey:
    """An ApiKey."""
    return ApiKey(told["id"], told["expires"], told.get("description", ""))


def auth_modes(settings: Description) -> tuple[AuthMode, ...]:
    """The default mode of an API's settings, and the additional ones."""
    more = settings.get("additionalAuthenticationProviders") or ()
    return tuple(_auth_mode(each) for each in (settings, *more))


def _auth_mode(told: Description) -> AuthMode:
    kind = told["authenticationType"]
    pool, issuer = told.get("userPoolConfig") or {}, told.get("openIDConnectConfig") or {}
    authorizer = told.get("lambdaAuthorizerConfig") or {}
    if kind == "AMAZON_COGNITO_USER_POOLS":
        action = pool.get("defaultAction", "ALLOW")
        return AuthMode(
            kind, pool["userPoolId"], client_id=pool.get("appIdClientRegex") or "", default_action=action
        )
    if kind == "OPENID_CONNECT":
        return AuthMode(
            kind,
            issuer=issuer["issuer"],
            client_id=issuer.get("clientId") or "",
            iat_ttl=(issuer.get("iatTTL") or 0) / 1000,
            auth_ttl=(issuer.get("authTTL") or 0) / 1000,
        )
    if kind == "AWS_LAMBDA":
        return AuthMode(
            kind,
            function_name=function_name(authorizer["authorizerUri"]),
            token_pattern=authorizer.get("identityValidationExpression") or "",
            ttl=authorizer.get("authorizerResultTtlInSeconds", 300),
        )
    return AuthMode(kind)


def function_name(arn: str) -> str:
    """The Lambda function of an ARN, with its qualifier: ``name`` or ``name:alias``."""
    return arn.split(":", 6)[-1] if arn.startswith("arn:") else arn


def data_source(told: Description) -> DataSource:
    """A DataSource."""
    config: dict[str, str] = {}
    if told["type"] == "AMAZON_DYNAMODB":
        config["table_name"] = told["dynamodbConfig"]["tableName"]
    elif told["type"] == "AWS_LAMBDA":
        config["function_name"] = function_name(told["lambdaConfig"]["lambdaFunctionArn"])
    elif told["type"] == "HTTP":
        config["endpoint"] = told["httpConfig"]["endpoint"]
    elif told["type"] == "AMAZON_OPENSEARCH_SERVICE":
        config["endpoint"] = told["openSearchServiceConfig"]["endpoint"]
    kind = "AMAZON_OPENSEARCH_SERVICE" if told["type"] == "AMAZON_ELASTICSEARCH" else told["type"]
    return DataSource(told["name"], kind, config)


def function(told: Description) -> Function:
    """A FunctionConfiguration."""
    request, response = _templates(told)
    return Function(told["name"], told["dataSourceName"], request, response, int(told.get("maxBatchSize") or 0))


def resolver(told: Description, functions: Mapping[str, Function]) -> Resolver:
    """A Resolver; ``functions`` are the API's by their ids."""
    request, response = _templates(told)
    if told.get("kind") == "PIPELINE":
        ids = (told.get("pipelineConfig") or {}).get("functions") or ()
        return Resolver("PIPELINE", tuple(functions[each] for each in ids if each in functions), request, response)
    name = f"{told['typeName']}.{told['fieldName']}"
    size = int(told.get("maxBatchSize") or 0)
    return Resolver("UNIT", (Function(name, told["dataSourceName"], request, response, size),))


def _templates(told: Description) -> tuple[Template | None, Template | None]:
    """The request and response of a resolver or a function."""
    code = told.get("code")
    if code is not None:
        api = (told.get("resolverArn") or told.get("functionArn") or "").partition("/")[2].partition("/")[0]
        return JavaScript(code, "request", api=api), JavaScript(code, "response", api=api)
    given = (told.get("requestMappingTemplate"), told.get("responseMappingTemplate"))
    request, response = (Vtl(text) if text else None for text in given)
    return request, response
