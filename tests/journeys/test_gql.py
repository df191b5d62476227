"""gql, a Python client: HTTP and AppSync's realtime protocol in every mode; and very many subscribers at once."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse
from gql import Client, GraphQLRequest
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.appsync_auth import (
    AppSyncApiKeyAuthentication,
    AppSyncAuthentication,
    AppSyncIAMAuthentication,
    AppSyncJWTAuthentication,
)
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport
from gql.transport.exceptions import TransportQueryError, TransportServerError

from tests.journeys.chats import of_every_mode
from tests.journeys.conftest import Running
from tests.journeys.people import person

ON_SAY = "subscription ($room: String) { onSay(room: $room) { text room } }"
SAY = "mutation ($text: String!, $room: String) { say(text: $text, room: $room) { text room } }"
SUBSCRIBERS, EVENTS, SOCKETS = 1000, 5, 50
HOST = "localhost"


@pytest.fixture(scope="module")
def chat(emulator: Running) -> dict[str, Any]:
    return of_every_mode(emulator)


@pytest.fixture(scope="module")
def token(emulator: Running) -> str:
    return person(emulator, "gql").access


def http(url: str, **headers: str) -> Client:
    return Client(transport=AIOHTTPTransport(url, headers=headers))


def socket(url: str, auth: AppSyncAuthentication) -> Client:
    return Client(transport=AppSyncWebsocketsTransport(url.replace("http", "ws", 1), auth=auth))


async def asked(client: Client, query: str, **variables: Any) -> Any:
    async with client as session:
        return await session.execute(GraphQLRequest(query, variable_values=variables))


async def heard(client: Client, room: str, speak: Callable[[], Any]) -> Any:
    """The first line that a subscriber hears in a room."""
    async with client as session:
        lines = session.subscribe(GraphQLRequest(ON_SAY, variable_values={"room": room}))
        waiting = asyncio.ensure_future(anext(lines))
        async with asyncio.timeout(20):
            while not waiting.done():
                await speak()
                await asyncio.wait([waiting], timeout=0.2)
        line = await waiting
        await lines.aclose()
        return line


def iam(emulator: Running, url: str) -> AppSyncIAMAuthentication:
    from botocore.credentials import Credentials

    credentials = Credentials(emulator.config["access_key_id"], emulator.config["secret_access_key"])
    host = url.split("/")[2]
    return AppSyncIAMAuthentication(host, emulator.config["region"], credentials=credentials)


@pytest.mark.parametrize("mode", ["key", "pool", "lambda", "iam", "oidc"])
async def test_subscribers_of_every_mode_hear(
    emulator: Running, chat: dict[str, Any], token: str, mode: str
) -> None:
    url = chat["oidc_url"] if mode == "oidc" else chat["chat_url"]
    auth: AppSyncAuthentication = {  # type: ignore[no-untyped-call]
        "key": lambda: AppSyncApiKeyAuthentication(HOST, chat["chat_key"]),
        "pool": lambda: AppSyncJWTAuthentication(HOST, token),
        "oidc": lambda: AppSyncJWTAuthentication(HOST, token),
        "lambda": lambda: AppSyncJWTAuthentication(HOST, "let-me-in-gql"),
        "iam": lambda: iam(emulator, url),
    }[mode]()
    speaker = {"authorization": token} if mode == "oidc" else {"x-api-key": chat["chat_key"]}
    line = await heard(socket(url, auth), mode, lambda: asked(http(url, **speaker), SAY, text="hello", room=mode))
    assert line == {"onSay": {"text": "hello", "room": mode}}


async def test_each_mode_is_known_over_http(chat: dict[str, Any], token: str) -> None:
    for headers, words in (
        ({"x-api-key": chat["chat_key"]}, "API Key Authorization"),
        ({"authorization": token}, "User Pool Authorization"),
        ({"authorization": "let-me-in"}, "Lambda Authorization"),
    ):
        assert await asked(http(chat["chat_url"], **headers), "{ whoami }") == {"whoami": words}
    assert await asked(http(chat["oidc_url"], authorization=token), "{ whoami }") == {
        "whoami": "Open ID Connect Authorization"
    }
    with pytest.raises(TransportQueryError, match="Not Authorized to access secret on type Query"):
        await asked(http(chat["chat_url"], authorization="let-me-in"), "{ secret }")
    for url, headers in (
        (chat["chat_url"], {"authorization": "let-me-out"}),
        (chat["oidc_url"], {"x-api-key": chat["chat_key"]}),
        (chat["oidc_url"], {"authorization": f"{token[:-6]}AAAAAA"}),
    ):
        with pytest.raises((TransportServerError, TransportQueryError)) as refused:
            await asked(http(url, **headers), "{ whoami }")
        assert "401" in str(refused.value) or "not authorized" in str(refused.value)


@pytest.fixture
async def sockets(chat: dict[str, Any]) -> AsyncIterator[list[ClientWebSocketResponse]]:
    """Open connections to the chat."""
    blob = {"host": HOST, "x-api-key": chat["chat_key"]}
    async with AsyncExitStack() as opened:
        session = await opened.enter_async_context(ClientSession())
        made = []
        for _ in range(SOCKETS):
            connection = await opened.enter_async_context(
                session.ws_connect(f"{chat['chat_url']}/realtime", protocols=["graphql-ws"], headers=blob)
            )
            await connection.send_json({"type": "connection_init"})
            made.append(connection)
        yield made


async def test_a_thousand_subscribers_lose_nothing_and_hear_in_order(
    chat: dict[str, Any], sockets: list[ClientWebSocketResponse]
) -> None:
    each, room = SUBSCRIBERS // SOCKETS, "hall"
    start = {
        "data": json.dumps({"query": ON_SAY, "variables": {"room": room}}),
        "extensions": {"authorization": {"host": HOST, "x-api-key": chat["chat_key"]}},
    }
    heard_by: dict[str, list[str]] = {}
    ready = asyncio.Semaphore(0)

    async def listen(number: int, connection: ClientWebSocketResponse) -> None:
        for place in range(each):
            await connection.send_json({"id": f"{number}-{place}", "type": "start", "payload": start})
        for_all = each * EVENTS
        while for_all:
            frame = await connection.receive_json()
            if frame["type"] == "start_ack":
                heard_by[frame["id"]] = []
                ready.release()
            elif frame["type"] == "data":
                heard_by[frame["id"]].append(frame["payload"]["data"]["onSay"]["text"])
                for_all -= 1

    async with asyncio.timeout(60):
        listening = [asyncio.create_task(listen(number, each)) for number, each in enumerate(sockets)]
        for _ in range(SUBSCRIBERS):
            await ready.acquire()
        async with http(chat["chat_url"], **{"x-api-key": chat["chat_key"]}) as session:
            for number in range(EVENTS):
                said = GraphQLRequest(SAY, variable_values={"text": str(number), "room": room})
                await session.execute(said)
                elsewhere = GraphQLRequest(SAY, variable_values={"text": "not here", "room": "kitchen"})
                await session.execute(elsewhere)
        await asyncio.gather(*listening)
    assert len(heard_by) == SUBSCRIBERS
    assert set(map(tuple, heard_by.values())) == {tuple(map(str, range(EVENTS)))}
