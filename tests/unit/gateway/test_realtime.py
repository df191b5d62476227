"""Subscriptions over real sockets: credentials, frames, slow readers, the end."""
# ruff: noqa: E501 - one case a line, messages whole

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError, web
from aiohttp.test_utils import RawTestServer

from habitr_emulator.gateway import realtime
from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.realtime.subscriptions import Subscription, Subscriptions
from habitr_emulator.services.appsync.spec import ApiKey, AuthMode, GraphqlApi
from habitr_emulator.services.context import ANONYMOUS, Account, Caller
from habitr_emulator.wire.http import Headers

API = GraphqlApi(
    "api1",
    "tests",
    'type Query { a: Int } type Mutation { m: Int } type Subscription { onM: Int @aws_subscribe(mutations: ["m"]) }',
    (AuthMode("API_KEY"),),
    (ApiKey("da2-good"),),
)
BLOB = {"host": "localhost", "x-api-key": "da2-good"}
asked: list[tuple[str, str, bytes]] = []


async def authenticate(method: str, target: str, headers: Headers, body: bytes) -> Caller:
    asked.append((method, target, body))
    key = headers.get("x-api-key")
    return Caller("api_key", credential=key) if key else ANONYMOUS


@pytest.fixture
async def server(account: Account) -> AsyncIterator[RawTestServer]:
    account.part(Apis).deploy(API)
    asked.clear()

    async def on_request(request: web.BaseRequest) -> web.StreamResponse:
        return await realtime.serve(request, account, authenticate)

    running = RawTestServer(on_request)
    await running.start_server()
    yield running
    await account.close()
    await running.close()


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


def encoded(blob: Any) -> str:
    return base64.b64encode(json.dumps(blob).encode()).decode()


async def connect(
    http: ClientSession, server: RawTestServer, blob: Any = BLOB, **more: Any
) -> ClientWebSocketResponse:
    query = f"?header={quote(encoded(blob), safe='')}&payload=e30%3D" if blob is not None else ""
    protocols = more.pop("protocols", ("graphql-ws",))
    url = f"{server.make_url('/graphql/realtime')}{query}"
    socket: ClientWebSocketResponse = await http.ws_connect(url, protocols=protocols, **more)
    return socket


async def opened(http: ClientSession, server: RawTestServer, **more: Any) -> ClientWebSocketResponse:
    socket = await connect(http, server, **more)
    await socket.send_json({"type": "connection_init"})
    assert (await socket.receive_json())["type"] == "connection_ack"
    assert (await socket.receive_json())["type"] == "ka"
    return socket


async def subscribe(socket: ClientWebSocketResponse, id_: str = "1", blob: Any = BLOB) -> Any:
    data = json.dumps({"query": "subscription { onM }"})
    payload = {"data": data, "extensions": {"authorization": blob}}
    await socket.send_json({"id": id_, "type": "start", "payload": payload})
    return await socket.receive_json()


async def test_a_subscriber_hears_events_until_it_stops(
    account: Account, server: RawTestServer, http: ClientSession
) -> None:
    socket = await opened(http, server)
    assert socket.protocol == "graphql-ws"
    assert await subscribe(socket) == {"id": "1", "type": "start_ack"}
    ((subscription,), _) = account.part(Subscriptions).hearing("api1", "onM", 5)
    subscription.listener.data("1", '{"data":{"onM":5}}')
    assert await socket.receive_json() == {"id": "1", "type": "data", "payload": {"data": {"onM": 5}}}
    await socket.send_json({"id": "1", "type": "stop"})
    assert await socket.receive_json() == {"id": "1", "type": "complete"}
    assert not account.part(Subscriptions).has("api1", "onM")
    await socket.close()


async def test_what_a_signature_covers_is_connect_and_then_the_starts_own_text(
    server: RawTestServer, http: ClientSession
) -> None:
    socket = await opened(http, server)
    await subscribe(socket)
    assert asked == [
        ("POST", "/graphql/connect", b"{}"),
        ("POST", "/graphql", b'{"query": "subscription { onM }"}'),
    ]
    await socket.close()


@pytest.mark.parametrize("kind", ["query", "bare query", "protocol", "headers"])
async def test_credentials_come_by_query_protocol_or_headers(
    server: RawTestServer, http: ClientSession, kind: str
) -> None:
    if kind == "headers":
        socket = await connect(http, server, None, headers={"x-api-key": "da2-good"})
    elif kind == "protocol":
        name = "header-" + encoded(BLOB).translate(str.maketrans("+/", "-_")).rstrip("=")
        socket = await connect(http, server, None, protocols=("graphql-ws", name))
        assert socket.protocol == "graphql-ws"
    elif kind == "bare query":
        socket = await http.ws_connect(
            f"{server.make_url('/graphql')}?header={encoded(BLOB)}&payload=e30=", protocols=("graphql-ws",)
        )
    else:
        socket = await connect(http, server)
    await socket.send_json({"type": "connection_init"})
    assert (await socket.receive_json())["type"] == "connection_ack"
    await socket.close()


@pytest.mark.parametrize(
    ("blob", "more", "error"),
    [
        ({**BLOB, "x-api-key": "da2-bad"}, {}, {"errorType": "UnauthorizedException", "message": "You are not authorized to make this call.", "errorCode": 401}),
        ("no object", {}, {"errorType": "UnauthorizedException", "message": "You are not authorized to make this call.", "errorCode": 401}),
        ({"x-api-key": "da2-good"}, {}, {"errorType": "BadRequestException", "message": "Required headers are missing.", "errorCode": 400}),
        (BLOB, {"protocols": ()}, {"message": "SubProtocolNotSupportedError", "errorCode": 400}),
    ],
)  # fmt: skip
async def test_a_refused_connection_hears_why_and_is_closed(
    server: RawTestServer, http: ClientSession, blob: Any, more: Any, error: Any
) -> None:
    socket = await connect(http, server, blob, **more)
    await socket.send_json({"type": "connection_init"})
    assert await socket.receive_json() == {"type": "connection_error", "payload": {"errors": [error]}}
    assert (await socket.receive()).type is WSMsgType.CLOSE


async def test_a_connection_without_credentials_is_not_upgraded(
    server: RawTestServer, http: ClientSession
) -> None:
    with pytest.raises(WSServerHandshakeError) as refused:
        await connect(http, server, {"host": "localhost"})
    assert refused.value.status == 401


async def test_a_payload_that_is_not_empty_is_refused(server: RawTestServer, http: ClientSession) -> None:
    url = f"{server.make_url('/graphql')}?header={quote(encoded(BLOB), safe='')}&payload=bm9uZQ=="
    socket = await http.ws_connect(url, protocols=("graphql-ws",))
    await socket.send_json({"type": "connection_init"})
    frame = await socket.receive_json()
    assert frame["payload"]["errors"][0]["errorType"] == "BadRequestException"
    await socket.close()


async def test_a_start_with_bad_credentials_is_refused_and_the_connection_lives(
    server: RawTestServer, http: ClientSession
) -> None:
    socket = await opened(http, server)
    frame = await subscribe(socket, blob={**BLOB, "x-api-key": "da2-bad"})
    assert (frame["type"], frame["payload"]["errors"][0]["errorType"]) == ("error", "UnauthorizedException")
    assert (await subscribe(socket, "2"))["type"] == "start_ack"
    await socket.close()


async def test_who_does_not_read_is_dropped(account: Account, server: RawTestServer, http: ClientSession) -> None:
    socket = await opened(http, server)
    await subscribe(socket)
    ((subscription,), _) = account.part(Subscriptions).hearing("api1", "onM", 5)
    for _ in range(400):  # more than the sockets' own buffers take
        subscription.listener.data("1", f'"{"x" * 65536}"')
    message = await socket.receive()
    while message.type is WSMsgType.TEXT:
        message = await socket.receive()
    assert (message.type, message.data) == (WSMsgType.CLOSE, 1013)


@pytest.mark.parametrize("restored", [True, False])
async def test_sockets_end_with_a_reason_when_the_state_is_replaced_or_the_emulator_stops(
    account: Account, server: RawTestServer, http: ClientSession, restored: bool
) -> None:
    socket = await opened(http, server)
    await subscribe(socket)
    ending = asyncio.ensure_future(account.part(realtime.Sockets).close())
    if restored:
        ending.cancel()
        account.bus.publish("store.restored")
    message = await socket.receive()
    assert (message.type, message.data) == (WSMsgType.CLOSE, 1012 if restored else 1001)
    assert message.extra
    await socket.close()


async def test_a_closed_socket_leaves_no_subscription(
    account: Account, server: RawTestServer, http: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = asyncio.Event()
    remove = Subscriptions.remove

    def removed(self: Subscriptions, subscription: Subscription) -> None:
        remove(self, subscription)
        left.set()

    monkeypatch.setattr(Subscriptions, "remove", removed)
    socket = await opened(http, server)
    await subscribe(socket)
    await socket.close()
    await asyncio.wait_for(left.wait(), 5)
    assert not account.part(Subscriptions).has("api1", "onM")


async def test_connections_keep_alive_and_end_by_the_emulators_clock(
    account: Account, server: RawTestServer, http: ClientSession
) -> None:
    socket = await opened(http, server)
    account.clock.advance(61)
    account.bus.publish("clock.moved")
    assert await socket.receive_json() == {"type": "ka"}
    account.clock.advance(24 * 3600)
    account.bus.publish("clock.moved")
    closed = await socket.receive()
    assert (closed.type, closed.data, closed.extra) == (WSMsgType.CLOSE, 1000, "24 hours are over")


async def test_credentials_that_expire_end_what_was_begun_with_them(
    account: Account, server: RawTestServer, http: ClientSession
) -> None:
    now = account.clock.now()
    keys = (ApiKey("da2-good"), ApiKey("da2-brief", now + 100), ApiKey("da2-long", now + 200))
    account.part(Apis).deploy(replace(API, api_keys=keys))
    socket = await opened(http, server, blob={**BLOB, "x-api-key": "da2-long"})
    assert (await subscribe(socket, "short", {**BLOB, "x-api-key": "da2-brief"}))["type"] == "start_ack"
    assert (await subscribe(socket, "good"))["type"] == "start_ack"
    account.clock.advance(101)
    account.bus.publish("clock.moved")
    frames = [await socket.receive_json(), await socket.receive_json()]
    (error,) = next(frame for frame in frames if frame["type"] == "error")["payload"]["errors"]
    assert (error["errorType"], error["message"]) == ("UnauthorizedException", "Token expired")
    assert len(account.part(Subscriptions).hearing("api1", "onM", 5)[0]) == 1
    account.clock.advance(100)
    account.bus.publish("clock.moved")
    closed = await socket.receive()
    while closed.type is WSMsgType.TEXT:
        closed = await socket.receive()
    assert (closed.type, closed.data) == (WSMsgType.CLOSE, 1008)
