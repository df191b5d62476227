"""The control plane's reads over APIs that a project brought."""

import json
from typing import Any

import pytest

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.deploy import deploy
from habitr_emulator.services.appsync.errors import (
    BadRequestException,
    NotFoundException,
    invalid_input,
    unparsable,
)
from habitr_emulator.services.appsync.spec import DataSource, Function, GraphqlApi, Resolver, Vtl
from habitr_emulator.services.context import Context
from tests.unit.services.appsync.conftest import SDL, api_of

VOTE = Resolver("PIPELINE", (Function("get", "Habits", Vtl("q"), Vtl("r")),), Vtl("before"), Vtl("after"))


@pytest.fixture
async def deployed(ctx: Context) -> Context:
    api = api_of(
        {("Query", "plain"): lambda ctx: "x"},
        data_sources={
            "Habits": DataSource("Habits", "AMAZON_DYNAMODB", {"table_name": "Habit-x"}),
            "None": DataSource("None", "NONE"),
        },
    )
    resolvers = {**api.resolvers, ("Mutation", "adopt"): VOTE}
    await deploy(ctx, GraphqlApi(**{**api.__dict__, "resolvers": resolvers}))
    return ctx


async def call(ctx: Context, name: str, **request: Any) -> dict[str, Any]:
    return await ctx.account.registry.call("appsync", name, request, ctx)


async def test_apis_are_listed_with_modes_and_addresses(deployed: Context) -> None:
    (api,) = (await call(deployed, "list_graphql_apis"))["graphqlApis"]
    assert api["authenticationType"] == "AMAZON_COGNITO_USER_POOLS"
    assert api["userPoolConfig"]["userPoolId"] == "us-east-1_pool"
    assert api["additionalAuthenticationProviders"] == [{"authenticationType": "API_KEY"}]
    assert api["uris"] == {
        "GRAPHQL": "http://localhost:4566/graphql",
        "REALTIME": "ws://localhost:4566/graphql/realtime",
    }
    assert api["arn"] == "arn:aws:appsync:us-east-1:000000000000:apis/api1"
    assert (await call(deployed, "get_graphql_api", apiId="api1"))["graphqlApi"] == api
    assert await call(deployed, "list_graphql_apis", apiType="MERGED") == {"graphqlApis": []}


async def test_an_unknown_api_is_not_found(ctx: Context) -> None:
    with pytest.raises(NotFoundException):
        await call(ctx, "get_graphql_api", apiId="nope")


async def test_keys_are_listed_page_by_page(deployed: Context) -> None:
    made = (await call(deployed, "create_api_key", apiId="api1"))["apiKey"]
    first = await call(deployed, "list_api_keys", apiId="api1", maxResults=1)
    assert [key["id"] for key in first["apiKeys"]] == ["da2-good"]
    second = await call(deployed, "list_api_keys", apiId="api1", maxResults=1, nextToken=first["nextToken"])
    assert second == {"apiKeys": [made]}  # the old one has been gone for years
    with pytest.raises(BadRequestException):
        await call(deployed, "list_api_keys", apiId="api1", nextToken="rubbish")


async def test_data_sources_and_resolvers_are_described(deployed: Context) -> None:
    sources = (await call(deployed, "list_data_sources", apiId="api1"))["dataSources"]
    assert [source["type"] for source in sources] == ["AMAZON_DYNAMODB", "NONE"]
    assert sources[0]["dynamodbConfig"] == {"tableName": "Habit-x", "awsRegion": "us-east-1"}
    (vote,) = (await call(deployed, "list_resolvers", apiId="api1", typeName="Mutation"))["resolvers"]
    (function,) = (await call(deployed, "list_functions", apiId="api1"))["functions"]
    assert (function["name"], function["requestMappingTemplate"]) == ("get", "q")
    assert vote["pipelineConfig"] == {"functions": [function["functionId"]]}
    assert (vote["requestMappingTemplate"], vote["responseMappingTemplate"]) == ("before", "after")
    (plain,) = (await call(deployed, "list_resolvers", apiId="api1", typeName="Query"))["resolvers"]
    assert (plain["kind"], "requestMappingTemplate" in plain) == ("UNIT", False)


async def test_the_schema_comes_as_sdl_with_and_without_directives_and_as_json(deployed: Context) -> None:
    whole = await call(deployed, "get_introspection_schema", apiId="api1", format="SDL")
    assert whole["schema"].decode() == SDL
    bare = await call(deployed, "get_introspection_schema", apiId="api1", format="SDL", includeDirectives=False)
    assert b"@aws" not in bare["schema"]
    assert b"type Habit" in bare["schema"]
    answer = json.loads((await call(deployed, "get_introspection_schema", apiId="api1", format="JSON"))["schema"])
    assert answer["data"]["__schema"]["mutationType"]["name"] == "Mutation"


async def test_types_are_listed(deployed: Context) -> None:
    found = (await call(deployed, "list_types", apiId="api1", format="SDL"))["types"]
    assert {
        "name": "Category",
        "definition": "enum Category {\n  Health\n  Finance\n}",
        "format": "SDL",
    }.items() <= next(item for item in found if item["name"] == "Category").items()
    as_json = (await call(deployed, "list_types", apiId="api1", format="JSON"))["types"]
    assert json.loads(as_json[0]["definition"])["kind"] == "OBJECT"


async def test_deploying_the_same_api_again_keeps_what_was_compiled(ctx: Context) -> None:
    api = GraphqlApi("a", "a", "type Query { a: Int }", api_of({}).auth_modes)
    apis = ctx.account.part(Apis)
    await deploy(ctx, api)
    apis.ensure_compiled()
    first = apis.require("a").schema
    await deploy(ctx, api)
    assert apis.require("a").schema is first
    await deploy(ctx, GraphqlApi("a", "a", "type Query { b: Int }", api.auth_modes))
    assert apis.require("a").schema is not first


def test_requests_that_break_the_model_are_bad_requests() -> None:
    assert invalid_input([1, 2], "two things").code == "BadRequestException"
    assert unparsable("not JSON").status == 400
