"""Deployed things as the control plane describes them.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_Types.html
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from habitr_emulator.services.appsync.spec import ApiKey, AuthMode, DataSource, GraphqlApi, Resolver, Template, Vtl
from habitr_emulator.services.context import Account


def api_arn(account: Account, api_id: str) -> str:
    """The ARN of an API."""
    return account.arn("appsync", f"apis/{api_id}")


def graphql_api(account: Account, api: GraphqlApi, *, first: bool) -> dict[str, Any]:
    """A GraphqlApi; the ``first`` API answers at ``/graphql``, each at ``/graphql/{apiId}``."""
    path = GraphqlApi.DEFAULT_PATH if first else f"{GraphqlApi.DEFAULT_PATH}/{api.api_id}"
    url = account.endpoint.rstrip("/") + path
    default, *others = api.auth_modes
    return {
        "name": api.name,
        "apiId": api.api_id,
        **_mode(account, default, {"defaultAction": "ALLOW"}),
        "arn": api_arn(account, api.api_id),
        "uris": {"GRAPHQL": url, "REALTIME": url.replace("http", "ws", 1) + "/realtime"},
        "tags": {},
        "additionalAuthenticationProviders": [_mode(account, mode, {}) for mode in others],
        "xrayEnabled": False,
        "visibility": "GLOBAL",
        "apiType": "GRAPHQL",
        "owner": account.account_id,
        "introspectionConfig": "ENABLED" if api.introspection else "DISABLED",
        "queryDepthLimit": api.query_depth_limit,
        "resolverCountLimit": api.resolver_count_limit,
    }


def _mode(account: Account, mode: AuthMode, pool: Mapping[str, str]) -> dict[str, Any]:
    told: dict[str, Any] = {"authenticationType": mode.type}
    if mode.user_pool_id is not None:
        told["userPoolConfig"] = {"userPoolId": mode.user_pool_id, "awsRegion": account.region, **pool}
    if mode.issuer is not None:
        told["openIDConnectConfig"] = {"issuer": mode.issuer}
    if mode.function_name is not None:
        uri = account.arn("lambda", f"function:{mode.function_name}")
        told["lambdaAuthorizerConfig"] = {"authorizerUri": uri}
    return told


def api_key(key: ApiKey) -> dict[str, Any]:
    """An ApiKey; a key that never expires has no ``expires``."""
    told: dict[str, Any] = {"id": key.id}
    if key.description:
        told["description"] = key.description
    if key.expires is not None:
        told["expires"] = int(key.expires)
        told["deletes"] = int(key.expires) + 60 * 24 * 3600
    return told


def _dynamodb(account: Account, config: Mapping[str, str]) -> dict[str, Any]:
    return {"dynamodbConfig": {"tableName": config.get("table_name", ""), "awsRegion": account.region}}


def _lambda(account: Account, config: Mapping[str, str]) -> dict[str, Any]:
    arn = account.arn("lambda", f"function:{config.get('function_name', '')}")
    return {"lambdaConfig": {"lambdaFunctionArn": arn}}


def _search(account: Account, config: Mapping[str, str]) -> dict[str, Any]:
    return {"openSearchServiceConfig": {"endpoint": config.get("endpoint", ""), "awsRegion": account.region}}


def _http(_: Account, config: Mapping[str, str]) -> dict[str, Any]:
    return {"httpConfig": {"endpoint": config.get("endpoint", "")}}


_CONFIGS: Final[Mapping[str, Callable[[Account, Mapping[str, str]], dict[str, Any]]]] = {
    "AMAZON_DYNAMODB": _dynamodb,
    "AWS_LAMBDA": _lambda,
    "AMAZON_OPENSEARCH_SERVICE": _search,
    "HTTP": _http,
}


def data_source(account: Account, api: GraphqlApi, source: DataSource) -> dict[str, Any]:
    """A DataSource."""
    told = {
        "dataSourceArn": f"{api_arn(account, api.api_id)}/datasources/{source.name}",
        "name": source.name,
        "type": source.type,
    }
    config = _CONFIGS.get(source.type)
    return {**told, **config(account, source.config)} if config is not None else told


def resolver(account: Account, api: GraphqlApi, at: tuple[str, str], found: Resolver) -> dict[str, Any]:
    """The Resolver of a (type, field). Native templates have no text."""
    told: dict[str, Any] = {
        "typeName": at[0],
        "fieldName": at[1],
        "resolverArn": f"{api_arn(account, api.api_id)}/types/{at[0]}/resolvers/{at[1]}",
        "kind": found.kind,
    }
    if found.kind == "PIPELINE":
        told["pipelineConfig"] = {"functions": [item.name for item in found.functions]}
        return {**told, **_templates(found.before, found.after)}
    (function,) = found.functions
    if function.data_source is not None:
        told["dataSourceName"] = function.data_source
    return {**told, **_templates(function.request, function.response)}


def _templates(request: Template | None, response: Template | None) -> dict[str, str]:
    given = {"requestMappingTemplate": request, "responseMappingTemplate": response}
    return {name: item.text for name, item in given.items() if isinstance(item, Vtl)}
