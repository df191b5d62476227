"""AppSync's realtime protocol spoken by hand: carriers of credentials, content of events, and garbage."""

import asyncio
import base64
import contextlib
import json
import ssl
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, TCPConnector, WSMsgType

from tests.journeys.conftest import Running
from tests.journeys.people import CREATE_HABIT, VOTE, Person, person

PATIENCE = 10
INIT = {"type": "connection_init"}
ON_CREATE = "subscription { onCreateHabit { id tagline owner details } }"
ON_VOTE = "subscription { subscribeToVotes { habit { id ups } user { username } } }"
ON_USER = "subscription($u: String!) { subscribeToUser(username: $u) { username name } }"
RENAME = "mutation($u: String!, $n: String!) { updateUser(input: {username: $u, name: $n}) { username name } }"


@pytest.fixture(scope="module")
def alice(emulator: Running) -> Person:
    return person(emulator, "alice")


@pytest.fixture(scope="module")
def bob(emulator: Running) -> Person:
    return person(emulator, "bob")


@pytest.fixture
async def http(emulator: Running) -> AsyncIterator[ClientSession]:
    trusted = ssl.create_default_context(cafile=str(emulator.ca_file))
    async with ClientSession(connector=TCPConnector(ssl=trusted)) as session:
        yield session


def encoded(value: Any) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()


def key_of(emulator: Running) -> dict[str, str]:
    return {"host": "localhost", "x-api-key": emulator.config["graphql_api_key"]}


def url_of(emulator: Running, scheme: str = "ws", path: str = "/graphql/realtime", **query: str) -> str:
    pairs = "&".join(f"{name}={quote(value, safe='')}" for name, value in query.items())
    return f"{scheme}{emulator.endpoint.removeprefix('http')}{path}" + (f"?{pairs}" if pairs else "")


async def connect(http: ClientSession, url: str, *protocols: str, **headers: str) -> ClientWebSocketResponse:
    return await http.ws_connect(
        url, protocols=protocols or ("graphql-ws",), headers=headers, max_msg_size=0, timeout=CLOSE
    )


CLOSE = aiohttp.ClientWSTimeout(ws_close=PATIENCE)


async def said(socket: ClientWebSocketResponse) -> dict[str, Any]:
    """The next frame that is no keep-alive."""
    async with asyncio.timeout(PATIENCE):
        while True:
            frame: dict[str, Any] = await socket.receive_json()
            if frame["type"] != "ka":
                return frame


async def opened(http: ClientSession, emulator: Running, blob: dict[str, str]) -> ClientWebSocketResponse:
    socket = await connect(http, url_of(emulator, header=encoded(blob), payload="e30="))
    await socket.send_json(INIT)
    assert (await said(socket))["type"] == "connection_ack"
    return socket


def start(id_: str, query: str, blob: dict[str, str], **variables: Any) -> dict[str, Any]:
    data = json.dumps({"query": query, "variables": variables})
    return {"id": id_, "type": "start", "payload": {"data": data, "extensions": {"authorization": blob}}}


async def subscribed(
    http: ClientSession, emulator: Running, blob: dict[str, str], query: str, **variables: Any
) -> ClientWebSocketResponse:
    socket = await opened(http, emulator, blob)
    await socket.send_json(start("one", query, blob, **variables))
    assert await said(socket) == {"id": "one", "type": "start_ack"}
    return socket


def query_header(emulator: Running, scheme: str, path: str) -> tuple[str, tuple[str, ...], dict[str, str]]:
    header = {"header": encoded(key_of(emulator)), "payload": "e30="}
    return url_of(emulator, scheme, path, **header), ("graphql-ws",), {}


def subprotocol(emulator: Running, scheme: str, path: str) -> tuple[str, tuple[str, ...], dict[str, str]]:
    text = base64.urlsafe_b64encode(json.dumps(key_of(emulator)).encode()).decode().rstrip("=")
    return url_of(emulator, scheme, path), ("graphql-ws", f"header-{text}"), {}


def plain_headers(emulator: Running, scheme: str, path: str) -> tuple[str, tuple[str, ...], dict[str, str]]:
    return url_of(emulator, scheme, path), ("graphql-ws",), {"x-api-key": emulator.config["graphql_api_key"]}


@pytest.mark.parametrize("path", ["/graphql", "/graphql/realtime"])
@pytest.mark.parametrize("scheme", ["ws", "wss"])
@pytest.mark.parametrize("carrier", [query_header, subprotocol, plain_headers])
async def test_every_carrier_of_credentials_opens_a_connection(
    emulator: Running, http: ClientSession, carrier: Callable[..., Any], scheme: str, path: str
) -> None:
    url, protocols, headers = carrier(emulator, scheme, path)
    async with await connect(http, url, *protocols, **headers) as socket:
        assert socket.protocol == "graphql-ws"
        await socket.send_json(INIT)
        assert await said(socket) == {"type": "connection_ack", "payload": {"connectionTimeoutMs": 300000}}
        blob = key_of(emulator)
        await socket.send_json(start("s", ON_CREATE, blob))
        assert await said(socket) == {"id": "s", "type": "start_ack"}


@pytest.mark.parametrize("form", ["{access}", "Bearer {access}", "{id}"])
async def test_tokens_subscribe_as_well_as_keys(
    emulator: Running, http: ClientSession, alice: Person, form: str
) -> None:
    blob = {"host": "localhost", "Authorization": form.format(access=alice.access, id=alice.id)}
    async with await subscribed(http, emulator, blob, ON_VOTE):
        pass


async def test_a_vote_is_heard_with_its_habit_and_its_voter(
    emulator: Running, http: ClientSession, alice: Person, bob: Person
) -> None:
    blob = {"host": "localhost", "Authorization": alice.access}
    habit = alice.graphql(CREATE_HABIT, tagline="Heard", category="Health")["data"]["createHabit"]["id"]
    async with await subscribed(http, emulator, blob, ON_VOTE) as socket:
        await asyncio.to_thread(bob.graphql, VOTE, habitId=habit, type="upvote")
        assert await said(socket) == {
            "id": "one",
            "type": "data",
            "payload": {
                "data": {
                    "subscribeToVotes": {"habit": {"id": habit, "ups": 1}, "user": {"username": bob.username}}
                }
            },
        }


async def test_subscribe_to_user_hears_that_user_only(
    emulator: Running, http: ClientSession, alice: Person, bob: Person
) -> None:
    async with await subscribed(http, emulator, key_of(emulator), ON_USER, u=bob.username) as socket:
        for who, name in ((alice, "Al"), (bob, "Bo")):
            await asyncio.to_thread(who.graphql, RENAME, u=who.username, n=name)
        assert (await said(socket))["payload"]["data"] == {
            "subscribeToUser": {"username": bob.username, "name": "Bo"}
        }


async def test_a_field_that_the_mutation_did_not_select_arrives_as_null(
    emulator: Running, http: ClientSession, alice: Person
) -> None:
    async with await subscribed(http, emulator, key_of(emulator), ON_CREATE) as socket:
        made = await asyncio.to_thread(
            alice.graphql,
            'mutation { createHabit(input: {tagline: "Half", category: Health, details: "d"}) { id tagline } }',
        )
        assert (await said(socket))["payload"]["data"]["onCreateHabit"] == {
            "id": made["data"]["createHabit"]["id"],
            "tagline": "Half",
            "owner": None,
            "details": None,
        }


async def test_stop_completes_and_ends_the_events(emulator: Running, http: ClientSession, alice: Person) -> None:
    blob = key_of(emulator)
    async with await subscribed(http, emulator, blob, ON_CREATE) as socket:
        await socket.send_json({"id": "one", "type": "stop"})
        assert await said(socket) == {"id": "one", "type": "complete"}
        await socket.send_json(start("two", ON_CREATE, blob))
        assert await said(socket) == {"id": "two", "type": "start_ack"}
        await asyncio.to_thread(alice.graphql, CREATE_HABIT, tagline="After", category="Health")
        assert (await said(socket))["id"] == "two"


async def test_a_refused_mutation_is_not_heard(
    emulator: Running, http: ClientSession, alice: Person, bob: Person
) -> None:
    async with await subscribed(http, emulator, key_of(emulator), ON_USER, u=bob.username) as socket:
        refused = await asyncio.to_thread(alice.graphql, RENAME, u=bob.username, n="stolen")
        assert refused["errors"]
        await asyncio.to_thread(bob.graphql, RENAME, u=bob.username, n="own")
        assert (await said(socket))["payload"]["data"]["subscribeToUser"]["name"] == "own"


@pytest.mark.parametrize(
    "blob",
    [{"host": "localhost", "x-api-key": "da2-wrong"}, {"host": "localhost", "Authorization": "a.b.c"}],
    ids=["key", "token"],
)
async def test_wrong_credentials_get_connection_error(
    emulator: Running, http: ClientSession, blob: dict[str, str]
) -> None:
    async with await connect(http, url_of(emulator, header=encoded(blob), payload="e30=")) as socket:
        await socket.send_json(INIT)
        frame = await said(socket)
        assert frame["type"] == "connection_error"
        assert frame["payload"]["errors"][0]["errorType"] == "UnauthorizedException"
        async with asyncio.timeout(PATIENCE):
            assert (await socket.receive()).type in (WSMsgType.CLOSE, WSMsgType.CLOSED)


async def test_a_blob_that_cannot_be_read_gets_connection_error(emulator: Running, http: ClientSession) -> None:
    async with await connect(http, url_of(emulator, header="!!!", payload="e30=")) as socket:
        await socket.send_json(INIT)
        assert (await said(socket))["type"] == "connection_error"


async def test_a_start_with_a_wrong_key_is_an_error_and_the_socket_lives(
    emulator: Running, http: ClientSession
) -> None:
    blob = key_of(emulator)
    async with await opened(http, emulator, blob) as socket:
        await socket.send_json(start("x", ON_CREATE, blob | {"x-api-key": "da2-wrong"}))
        refused = await said(socket)
        assert (refused["id"], refused["type"]) == ("x", "error")
        assert refused["payload"]["errors"][0]["errorType"] == "UnauthorizedException"
        await socket.send_json(start("y", ON_CREATE, blob))
        assert await said(socket) == {"id": "y", "type": "start_ack"}


@pytest.mark.parametrize("path", ["/graphql/other/path", "/", "/bucket/key"])
async def test_an_upgrade_elsewhere_is_refused(emulator: Running, http: ClientSession, path: str) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await connect(http, url_of(emulator, path=path, header=encoded(key_of(emulator)), payload="e30="))
    assert refused.value.status in (400, 404)


GARBAGE = [
    "not json",
    "[]",
    "null",
    "{}",
    '{"type": 7}',
    '{"type": "nonsense", "id": "a"}',
    '{"type": "start"}',
    '{"type": "start", "id": "a", "payload": 1}',
    '{"type": "start", "id": "a", "payload": {"data": "not json", "extensions": {"authorization": {}}}}',
    '{"type": "stop", "id": "never started"}',
    "[" * 5000,
]


@pytest.mark.parametrize("text", GARBAGE, ids=range(len(GARBAGE)))
async def test_garbage_is_answered_with_an_error_and_the_socket_lives(
    emulator: Running, http: ClientSession, text: str
) -> None:
    blob = key_of(emulator)
    async with await opened(http, emulator, blob) as socket:
        await socket.send_str(text)
        assert (await said(socket))["type"] == "error"
        await socket.send_json(start("fine", ON_CREATE, blob))
        assert await said(socket) == {"id": "fine", "type": "start_ack"}


QUERIES = ["subscription {", "{ listHabits { nextToken } }", "subscription { nope }", "", ON_USER]


@pytest.mark.parametrize("query", QUERIES)
async def test_a_document_that_is_no_subscription_is_refused(
    emulator: Running, http: ClientSession, query: str
) -> None:
    blob = key_of(emulator)
    async with await opened(http, emulator, blob) as socket:
        await socket.send_json(start("bad", query, blob))
        refused = await said(socket)
        assert (refused["id"], refused["type"]) == ("bad", "error")
        assert "Traceback" not in json.dumps(refused)


async def test_binary_frames_are_answered_too(emulator: Running, http: ClientSession) -> None:
    async with await opened(http, emulator, key_of(emulator)) as socket:
        await socket.send_bytes(b"\xff\x00\xfe")
        assert (await said(socket))["type"] == "error"


async def test_an_oversized_frame_closes_its_own_socket_only(emulator: Running, http: ClientSession) -> None:
    blob = key_of(emulator)
    async with await opened(http, emulator, blob) as other, await opened(http, emulator, blob) as socket:
        with contextlib.suppress(ConnectionError):  # the emulator may hang up before it was all sent
            await socket.send_str("x" * (2 * 1024 * 1024))
        async with asyncio.timeout(PATIENCE):
            while (message := await socket.receive()).type is WSMsgType.TEXT:
                pass
        assert message.type in (WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.ERROR)
        await other.send_json(start("fine", ON_CREATE, blob))
        assert await said(other) == {"id": "fine", "type": "start_ack"}


async def test_ping_says_healthy(emulator: Running, http: ClientSession) -> None:
    async with http.get(f"{emulator.endpoint}/ping") as answer:
        assert (answer.status, (await answer.text()).strip()) == (200, "healthy")
