"""GraphQL over HTTP: bodies, statuses, headers."""
# ruff: noqa: E501 - one case a line, messages whole

from typing import Any

import orjson
import pytest

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.http import LARGEST_BODY, handle
from habitr_emulator.services.appsync.spec import GraphqlApi
from habitr_emulator.services.context import ANONYMOUS, Account, Caller
from habitr_emulator.wire.http import Headers, Request, Response
from tests.unit.services.appsync.conftest import api_of, deploy

USER = Caller("token", claims={"sub": "s", "username": "alice"}, user_pool_id="us-east-1_pool")
RESOLVERS = {
    ("Query", "plain"): lambda ctx: ctx.identity["username"],
    ("Query", "habit"): lambda ctx: {"id": ctx.arguments["id"]},
}


async def send(account: Account, body: Any, caller: Caller = USER, **more: Any) -> tuple[Response, Any]:
    deploy(account, RESOLVERS)
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    headers = Headers([("host", more.pop("host", "localhost:4566")), *more.pop("headers", [])])
    request = Request(more.pop("method", "POST"), more.pop("target", "/graphql"), headers, raw)
    response = await handle(request, account.context(caller))
    assert isinstance(response.body, bytes)
    return response, orjson.loads(response.body)


async def test_a_query_is_answered_with_its_request_id(account: Account) -> None:
    response, body = await send(account, {"query": "{ plain }"})
    assert (response.status, body) == (200, {"data": {"plain": "alice"}})
    assert response.headers["content-type"] == "application/json;charset=UTF-8"
    assert response.headers["x-amzn-requestid"]


@pytest.mark.parametrize(
    ("body", "status", "code", "message"),
    [
        (b"", 400, "MalformedHttpRequestException", "Request body is empty."),
        (b"{", 400, "MalformedHttpRequestException", "Unable to parse GraphQL query."),
        (b"{}", 400, "MalformedHttpRequestException", "Unable to parse GraphQL query."),
        (b"[]", 400, "MalformedHttpRequestException", "Unable to parse GraphQL query."),
        ({"query": ""}, 400, "MalformedHttpRequestException", "Unable to parse GraphQL query."),
        ({"query": "{ plain }", "variables": [1]}, 400, "MalformedHttpRequestException", "Unable to parse GraphQL query."),
        ({"query": "query A { plain } query B { plain }"}, 400, "BadRequestException", "Missing operation name."),
        (b" " * (LARGEST_BODY + 1), 413, "RequestEntityTooLargeException", "Request body is too large."),
    ],
)  # fmt: skip
async def test_a_request_that_is_none_is_refused(
    account: Account, body: Any, status: int, code: str, message: str
) -> None:
    response, answer = await send(account, body)
    assert response.status == status
    assert answer == {"errors": [{"errorType": code, "message": message}]}
    assert response.headers["x-amzn-errortype"] == code


async def test_who_is_not_known_learns_that_before_anything_else(account: Account) -> None:
    for body in (b"", {"query": "{ plain }"}, {"query": "{ nope }"}):
        response, answer = await send(account, body, ANONYMOUS)
        assert response.status == 401
        assert answer["errors"][0] == {
            "errorType": "UnauthorizedException",
            "message": "Missing authorization header",
        }
        assert response.headers["x-amzn-errortype"] == "UnauthorizedException"
        assert response.headers["x-habitr-why"]


async def test_an_operation_is_chosen_by_name(account: Account) -> None:
    text = "query A { plain } query B { x: plain }"
    assert (await send(account, {"query": text, "operationName": "B"}))[1] == {"data": {"x": "alice"}}
    _, answer = await send(account, {"query": text, "operationName": "C"})
    assert answer["errors"][0]["message"] == "Unknown operation named 'C'."


async def test_other_forms_of_a_request_are_understood(account: Account) -> None:
    text = "query Q($i: ID!) { habit(id: $i) { id } }"
    wanted = {"data": {"habit": {"id": "5"}}}
    assert (await send(account, {"query": text, "variables": '{"i": 5}'}))[1] == wanted
    target = "/graphql?query=query%20Q(%24i:ID!)%7Bhabit(id:%24i)%7Bid%7D%7D&variables=%7B%22i%22:%225%22%7D"
    assert (await send(account, b"", method="GET", target=target))[1] == wanted
    kind = ("content-type", "application/graphql")
    assert (await send(account, b"{ plain }", headers=[kind]))[1] == {"data": {"plain": "alice"}}


async def test_a_subscription_over_http_is_refused(account: Account) -> None:
    response, answer = await send(account, {"query": "subscription { onMine { id } }"})
    assert response.status == 200
    assert answer == {
        "data": None,
        "errors": [{"errorType": "OperationNotSupported", "message": "Subscriptions are not supported over HTTP"}],
    }


async def test_an_api_is_found_by_path_and_host(account: Account) -> None:
    deploy(account, RESOLVERS)
    apis = account.part(Apis)
    apis.deploy(GraphqlApi("api2", "second", "type Query { a: Int }", api_of({}).auth_modes))

    def found(host: str, path: str) -> str | None:
        api = apis.find(host, path)
        return api.spec.api_id if api else None

    assert found("localhost", "/graphql") == "api1"
    assert found("localhost", "/graphql/realtime") == "api1"
    assert found("localhost", "/graphql/api2") == "api2"
    assert found("localhost", "/graphql/api2/realtime") == "api2"
    assert found("api2.appsync-api.us-east-1.amazonaws.com:443", "/graphql") == "api2"
    assert found("api2.appsync-realtime-api.us-east-1.amazonaws.com", "/graphql") == "api2"
    assert found("localhost", "/graphql/nope") is None
    assert found("localhost", "/other") is None


async def test_an_api_without_schema_answers_502(account: Account) -> None:
    account.part(Apis).deploy(GraphqlApi("api2", "second", " ", api_of({}).auth_modes))
    response, answer = await send(account, {"query": "{ a }"}, target="/graphql/api2")
    assert response.status == 502
    assert answer["errors"][0] == {
        "errorType": "GraphQLSchemaException",
        "message": "No schema definition exists.",
    }


async def test_ping_says_healthy_to_everybody(account: Account) -> None:
    response = await handle(Request("GET", "/ping", Headers()), account.context(ANONYMOUS))
    assert (response.status, response.body) == (200, b"healthy")
