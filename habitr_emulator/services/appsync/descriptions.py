"""An API's resources as the control plane shows them: what the project brought, and over it what calls made.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_Types.html
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from habitr_emulator.kernel.ids import derived_base36
from habitr_emulator.services.appsync import resources
from habitr_emulator.services.appsync.resources import Kept
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

#: A key can be brought back for so long after it has expired.
DELETED_AFTER: Final = 60 * 24 * 3600
RUNTIME: Final = {"name": "APPSYNC_JS", "runtimeVersion": "1.0.0"}
Described = dict[str, Any]


def api_arn(account: Account, api_id: str) -> str:
    """The ARN of an API."""
    return account.arn("appsync", f"apis/{api_id}")


def function_id(api_id: str, name: str) -> str:
    """The id of a function that a project's pipeline names: the same on every machine."""
    return derived_base36(26, "appsync.function", api_id, name)


def graphql_api(account: Account, api: GraphqlApi, kept: Kept, *, first: bool) -> Described:
    """A GraphqlApi; the ``first`` API answers at ``/graphql``, each at ``/graphql/{apiId}``."""
    path = GraphqlApi.DEFAULT_PATH if first else f"{GraphqlApi.DEFAULT_PATH}/{api.api_id}"
    url = account.endpoint.rstrip("/") + path
    domains = {"GRAPHQL": "appsync-api", "REALTIME": "appsync-realtime-api"}
    return {
        **brought_settings(account, api),
        **(kept.get(resources.API, {}).get("") or {}),
        "apiId": api.api_id,
        "arn": api_arn(account, api.api_id),
        "uris": {"GRAPHQL": url, "REALTIME": url.replace("http", "ws", 1) + "/realtime"},
        "dns": {kind: f"{api.api_id}.{name}.{account.region}.amazonaws.com" for kind, name in domains.items()},
        "owner": account.account_id,
    }


def brought_settings(account: Account, api: GraphqlApi) -> Described:
    """The settings of an API as a project brings them."""
    default, *others = api.auth_modes
    return {
        "name": api.name,
        **_mode(account, default, {"defaultAction": default.default_action}),
        "tags": {},
        "additionalAuthenticationProviders": [_mode(account, mode, {}) for mode in others],
        "xrayEnabled": False,
        "visibility": "GLOBAL",
        "apiType": "GRAPHQL",
        "introspectionConfig": "ENABLED" if api.introspection else "DISABLED",
        "queryDepthLimit": api.query_depth_limit,
        "resolverCountLimit": api.resolver_count_limit,
    }


def _mode(account: Account, mode: AuthMode, pool: Mapping[str, str]) -> Described:
    told: Described = {"authenticationType": mode.type}
    if mode.user_pool_id is not None:
        told["userPoolConfig"] = {"userPoolId": mode.user_pool_id, "awsRegion": account.region, **pool}
    if mode.issuer is not None:
        told["openIDConnectConfig"] = {"issuer": mode.issuer}
    if mode.function_name is not None:
        uri = account.arn("lambda", f"function:{mode.function_name}")
        told["lambdaAuthorizerConfig"] = {"authorizerUri": uri}
    return told


def every(account: Account, brought: GraphqlApi | None, kept: Kept, kind: str) -> dict[str, Described]:
    """The resources of a ``kind`` (ApiKey, DataSource, Function, Resolver) by name, ``Type.field`` or id."""
    over = kept.get(kind, {})
    found = {name: told for name, told in _BROUGHT[kind](account, brought) if name not in over} if brought else {}
    return found | {name: dict(told) for name, told in over.items() if told is not None}


def _api_keys(_: Account, api: GraphqlApi) -> Iterator[tuple[str, Described]]:
    for key in api.api_keys:
        yield key.id, api_key(key)


def api_key(key: ApiKey) -> Described:
    """An ApiKey; a project's never expires and has no ``expires`` then."""
    told: Described = {"id": key.id}
    if key.description:
        told["description"] = key.description
    if key.expires is not None:
        told["expires"] = int(key.expires)
        told["deletes"] = int(key.expires) + DELETED_AFTER
    return told


def _dynamodb(account: Account, config: Mapping[str, str]) -> Described:
    return {"dynamodbConfig": {"tableName": config.get("table_name", ""), "awsRegion": account.region}}


def _lambda(account: Account, config: Mapping[str, str]) -> Described:
    arn = account.arn("lambda", f"function:{config.get('function_name', '')}")
    return {"lambdaConfig": {"lambdaFunctionArn": arn}}


def _search(account: Account, config: Mapping[str, str]) -> Described:
    return {"openSearchServiceConfig": {"endpoint": config.get("endpoint", ""), "awsRegion": account.region}}


def _http(_: Account, config: Mapping[str, str]) -> Described:
    return {"httpConfig": {"endpoint": config.get("endpoint", "")}}


_CONFIGS: Final[Mapping[str, Callable[[Account, Mapping[str, str]], Described]]] = {
    "AMAZON_DYNAMODB": _dynamodb,
    "AWS_LAMBDA": _lambda,
    "AMAZON_OPENSEARCH_SERVICE": _search,
    "HTTP": _http,
}


def _data_sources(account: Account, api: GraphqlApi) -> Iterator[tuple[str, Described]]:
    for source in api.data_sources.values():
        yield source.name, data_source(account, api, source)


def data_source(account: Account, api: GraphqlApi, source: DataSource) -> Described:
    """A DataSource."""
    told = {
        "dataSourceArn": f"{api_arn(account, api.api_id)}/datasources/{source.name}",
        "name": source.name,
        "type": source.type,
    }
    config = _CONFIGS.get(source.type)
    return {**told, **config(account, source.config)} if config is not None else told


def _functions(account: Account, api: GraphqlApi) -> Iterator[tuple[str, Described]]:
    for one in api.resolvers.values():
        for item in one.functions if one.kind == "PIPELINE" else ():
            yield function_id(api.api_id, item.name), function(account, api, item)


def function(account: Account, api: GraphqlApi, item: Function) -> Described:
    """A FunctionConfiguration."""
    id_ = function_id(api.api_id, item.name)
    return {
        "functionId": id_,
        "functionArn": f"{api_arn(account, api.api_id)}/functions/{id_}",
        "name": item.name,
        "dataSourceName": item.data_source or "NONE",
        "functionVersion": "2018-05-29",
        **_templates(item.request, item.response),
    }


def _resolvers(account: Account, api: GraphqlApi) -> Iterator[tuple[str, Described]]:
    for at, found in api.resolvers.items():
        yield ".".join(at), resolver(account, api, at, found)


def resolver(account: Account, api: GraphqlApi, at: tuple[str, str], found: Resolver) -> Described:
    """A Resolver. One that the emulator makes natively has no templates to show."""
    told: Described = {
        "typeName": at[0],
        "fieldName": at[1],
        "resolverArn": resolver_arn(account, api.api_id, at),
        "kind": found.kind,
    }
    if found.kind == "PIPELINE":
        told["pipelineConfig"] = {"functions": [function_id(api.api_id, item.name) for item in found.functions]}
        return {**told, **_templates(found.before, found.after)}
    (only,) = found.functions
    if only.data_source is not None:
        told["dataSourceName"] = only.data_source
    return {**told, **_templates(only.request, only.response)}


def resolver_arn(account: Account, api_id: str, at: tuple[str, str]) -> str:
    """The ARN of a resolver of (type, field)."""
    return f"{api_arn(account, api_id)}/types/{at[0]}/resolvers/{at[1]}"


def _templates(request: Template | None, response: Template | None) -> Described:
    for item in (request, response):
        if isinstance(item, JavaScript):
            return {"runtime": RUNTIME, "code": item.code}
    given = {"requestMappingTemplate": request, "responseMappingTemplate": response}
    return {name: item.text for name, item in given.items() if isinstance(item, Vtl)}


_BROUGHT: Final[Mapping[str, Callable[[Account, GraphqlApi], Iterator[tuple[str, Described]]]]] = {
    resources.KEY: _api_keys,
    resources.DATA_SOURCE: _data_sources,
    resources.FUNCTION: _functions,
    resources.RESOLVER: _resolvers,
}
