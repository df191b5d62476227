"""Habitr's two functions, run by the emulator's workers against a GraphQL endpoint of the test's making."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_.deploy import deploy
from habitr_emulator.services.lambda_.spec import Function

FUNCTIONS = Path(__file__).parents[4] / "fixtures/habitr/amplify/backend/function"
Invoke = Callable[..., Awaitable[Any]]
CONFIRMED = {
    "version": "1",
    "triggerSource": "PostConfirmation_ConfirmSignUp",
    "userName": "alice",
    "request": {"userAttributes": {"email": "a@b.c", "cognito:user_status": "CONFIRMED"}},
    "response": {},
}


class GraphQL:
    """Answers every request alike and remembers what came."""

    def __init__(self) -> None:
        self.status, self.answer = 200, b'{"data": {"getUser": null}}'
        self.requests: list[tuple[str, dict[str, Any]]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
        self.requests.append((head, json.loads(await reader.readexactly(length))))
        writer.write(
            f"HTTP/1.1 {self.status} X\r\ncontent-length: {len(self.answer)}\r\n\r\n".encode() + self.answer
        )
        await writer.drain()
        writer.close()


@pytest.fixture
async def api(ctx: Context) -> AsyncIterator[GraphQL]:
    """Deploys both functions against a stand-in for the API."""
    graphql = GraphQL()
    server = await asyncio.start_server(graphql.serve, "127.0.0.1", 0)
    ctx.account.endpoint = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    environment = {"GRAPHQL_API_ENDPOINT": "{endpoint}/graphql", "GRAPHQL_API_KEY": "da2-key"}
    for name in ("habitrPostConfirmation", "habitrUserExists"):
        await deploy(ctx, Function(name, "python3.11", "index.handler", FUNCTIONS / name / "src", environment))
    yield graphql
    server.close()


async def exists(invoke: Invoke, body: Any) -> Any:
    return await invoke({"httpMethod": "POST", "body": body}, FunctionName="habitrUserExists")


async def confirm(invoke: Invoke, **change: Any) -> Any:
    return await invoke({**CONFIRMED, **change}, FunctionName="habitrPostConfirmation")


async def test_a_confirmed_user_gets_a_row(invoke: Invoke, api: GraphQL) -> None:
    api.answer = b'{"data": {"createUser": {"username": "alice"}}}'
    assert (await confirm(invoke))["Payload"] == CONFIRMED
    [(head, body)] = api.requests
    assert "x-api-key: da2-key" in head
    assert body["operationName"] == "CreateUser"
    assert body["variables"] == {"username": "alice"}


async def test_a_federated_users_name_is_shown(invoke: Invoke, api: GraphQL) -> None:
    attributes = {"name": "Alice A.", "cognito:user_status": "EXTERNAL_PROVIDER"}
    await confirm(invoke, request={"userAttributes": attributes})
    assert api.requests[0][1]["variables"] == {"username": "alice", "displayUsername": "Alice A."}


async def test_other_triggers_pass_through(invoke: Invoke, api: GraphQL) -> None:
    answer = await confirm(invoke, triggerSource="PostConfirmation_ConfirmForgotPassword")
    assert answer["Payload"]["userName"] == "alice"
    assert api.requests == []


async def test_a_graphql_error_fails_the_confirmation_and_a_refusal_does_not(invoke: Invoke, api: GraphQL) -> None:
    api.answer = b'{"data": null, "errors": [{"message": "The conditional request failed"}]}'
    failed = await confirm(invoke)
    assert failed["Payload"]["errorMessage"] == "The conditional request failed"
    api.status = 401
    assert "FunctionError" not in await confirm(invoke)


@pytest.mark.parametrize(
    ("user", "expected"), [(None, False), ({"username": "Alice"}, False), ({"username": "alice"}, True)]
)
async def test_a_name_exists_if_it_is_exactly_that(
    invoke: Invoke, api: GraphQL, user: Any, expected: bool
) -> None:
    api.answer = json.dumps({"data": {"getUser": user}}).encode()
    payload = (await exists(invoke, '{"username": "alice"}'))["Payload"]
    assert payload["statusCode"] == 200
    assert json.loads(payload["body"]) == {"exists": expected}
    assert payload["headers"]["Access-Control-Allow-Origin"] == "*"
    assert api.requests[0][1]["variables"] == {"username": "alice"}


@pytest.mark.parametrize("body", [None, "", "{", "[]", "{}", '{"username": ""}', '{"username": 1}'])
async def test_a_bad_body_makes_the_function_fail(invoke: Invoke, api: GraphQL, body: Any) -> None:
    assert (await exists(invoke, body))["FunctionError"] == "Unhandled"


async def test_a_refusal_of_the_api_is_passed_on_as_500(invoke: Invoke, api: GraphQL) -> None:
    api.status, api.answer = 401, b'{"errors": []}'
    payload = (await exists(invoke, '{"username": "alice"}'))["Payload"]
    assert (payload["statusCode"], payload["body"]) == (500, '{"errors": []}')
