"""What calls make of APIs: kept, refused, and taken together."""
# ruff: noqa: E501 - one case a line

import asyncio
from typing import Any

import pytest

from habitr_emulator.kernel.errors import AwsError, NotBuilt
from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.errors import (
    ApiKeyLimitExceededException,
    BadRequestException,
    ConcurrentModificationException,
    NotFoundException,
)
from habitr_emulator.services.context import Context

SDL = b"type Query { a: Int }"


async def call(ctx: Context, operation: str, /, **request: Any) -> dict[str, Any]:
    return await ctx.account.registry.call("appsync", operation, request, ctx)


@pytest.fixture
async def made(ctx: Context) -> str:
    api = (await call(ctx, "create_graphql_api", name="made", authenticationType="API_KEY"))["graphqlApi"]
    await call(ctx, "start_schema_creation", apiId=api["apiId"], definition=SDL)
    await call(ctx, "create_data_source", apiId=api["apiId"], name="None", type="NONE")
    return str(api["apiId"])


async def test_one_call_at_a_time_changes_a_schema(ctx: Context, made: str) -> None:
    both = [call(ctx, "start_schema_creation", apiId=made, definition=SDL) for _ in range(2)]
    first, second = await asyncio.gather(*both, return_exceptions=True)
    assert first == {"status": "PROCESSING"}
    assert isinstance(second, ConcurrentModificationException)
    assert (second.status, second.message) == (
        409,
        "Schema is currently being altered, please wait until that is complete.",
    )
    assert await call(ctx, "start_schema_creation", apiId=made, definition=SDL) == {"status": "PROCESSING"}


async def test_of_two_calls_that_make_the_same_one_is_refused(ctx: Context, made: str) -> None:
    both = [call(ctx, "create_data_source", apiId=made, name="Same", type="NONE") for _ in range(2)]
    outcomes = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(isinstance(each, BadRequestException) for each in outcomes) == [False, True]


async def test_an_api_has_fifty_keys_at_most_and_gone_ones_do_not_count(ctx: Context, made: str) -> None:
    for _ in range(50):
        await call(ctx, "create_api_key", apiId=made)
    with pytest.raises(ApiKeyLimitExceededException):
        await call(ctx, "create_api_key", apiId=made)
    ctx.clock.advance(68 * 24 * 3600)
    assert (await call(ctx, "list_api_keys", apiId=made))["apiKeys"] == []
    await call(ctx, "create_api_key", apiId=made)


async def test_an_expired_key_works_again_when_it_is_updated(ctx: Context, made: str) -> None:
    key = (await call(ctx, "create_api_key", apiId=made, description="mine"))["apiKey"]
    ctx.clock.advance(8 * 24 * 3600)
    assert key["expires"] < ctx.clock.now()
    updated = await call(ctx, "update_api_key", apiId=made, id=key["id"], expires=int(ctx.clock.now()) + 90_000)
    assert updated["apiKey"]["expires"] > ctx.clock.now()
    assert updated["apiKey"]["description"] == "mine"
    ctx.clock.advance(400 * 24 * 3600)
    with pytest.raises(NotFoundException):
        await call(ctx, "update_api_key", apiId=made, id=key["id"])


@pytest.mark.parametrize(
    ("name", "request_", "kind"),
    [
        ("create_graphql_api", {"name": "x", "authenticationType": "AWS_LAMBDA"}, BadRequestException),
        ("create_graphql_api", {"name": "x", "authenticationType": "API_KEY", "additionalAuthenticationProviders": [{"authenticationType": "API_KEY"}]}, BadRequestException),
        ("create_graphql_api", {"name": "x", "authenticationType": "API_KEY", "apiType": "MERGED"}, NotBuilt),
        ("create_graphql_api", {"name": "x", "authenticationType": "API_KEY", "visibility": "PRIVATE"}, NotBuilt),
        ("create_graphql_api", {"name": "x", "authenticationType": "AMAZON_COGNITO_USER_POOLS", "userPoolConfig": {"userPoolId": "p", "awsRegion": "r", "defaultAction": "ALLOW", "appIdClientRegex": "("}}, BadRequestException),
        ("create_data_source", {"name": "x", "type": "AMAZON_DYNAMODB"}, BadRequestException),
        ("create_data_source", {"name": "x", "type": "HTTP", "httpConfig": {"endpoint": "ftp://x"}}, BadRequestException),
        ("create_data_source", {"name": "x", "type": "HTTP", "httpConfig": {"endpoint": "http://localhost", "authorizationConfig": {"authorizationType": "AWS_IAM"}}}, NotBuilt),
        ("create_resolver", {"typeName": "Query", "fieldName": "a"}, BadRequestException),
        ("create_resolver", {"typeName": "Query", "fieldName": "a", "dataSourceName": "None"}, BadRequestException),
        ("create_resolver", {"typeName": "Zork", "fieldName": "a", "dataSourceName": "None"}, NotFoundException),
        ("create_resolver", {"typeName": "Query", "fieldName": "a", "kind": "PIPELINE", "pipelineConfig": {"functions": ["nope"]}}, NotFoundException),
        ("create_resolver", {"typeName": "Query", "fieldName": "a", "dataSourceName": "None", "code": "x"}, BadRequestException),
        ("create_resolver", {"typeName": "Query", "fieldName": "a", "dataSourceName": "None", "cachingConfig": {"ttl": 1}}, NotBuilt),
        ("create_function", {"name": "f", "dataSourceName": "None", "requestMappingTemplate": "{}", "functionVersion": "2017-02-28"}, BadRequestException),
        ("create_type", {"format": "SDL", "definition": "type Query { b: Int }"}, BadRequestException),
        ("create_type", {"format": "SDL", "definition": "type B { b: Zork }"}, BadRequestException),
        ("create_type", {"format": "JSON", "definition": "[]"}, BadRequestException),
        ("delete_type", {"typeName": "Zork"}, NotFoundException),
        ("tag_resource", {"resourceArn": "arn:aws:s3:::b", "tags": {}}, BadRequestException),
        ("evaluate_mapping_template", {"template": "{}", "context": "[]"}, BadRequestException),
        ("create_api_cache", {}, NotBuilt),
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused(
    ctx: Context, made: str, name: str, request_: dict[str, Any], kind: type[AwsError]
) -> None:
    with pytest.raises(kind):
        await call(ctx, name, apiId=made, **request_)


async def test_a_deleted_api_is_gone_with_what_it_had(ctx: Context, made: str) -> None:
    await call(ctx, "delete_graphql_api", apiId=made)
    assert ctx.store.all("SELECT * FROM appsync_resource") == []
    assert ctx.account.part(Apis).find("localhost", f"/graphql/{made}") is None
    with pytest.raises(NotFoundException):
        await call(ctx, "delete_graphql_api", apiId=made)
