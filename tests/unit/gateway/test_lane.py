"""The fast lane takes what is beyond doubt, answers as aiohttp would, and leaves everything else to aiohttp."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http_parser import HttpRequestParser
from hypothesis import given
from hypothesis import strategies as st

from habitr_emulator.gateway import admin, lane
from habitr_emulator.gateway.app import Gateway
from habitr_emulator.gateway.heads import LARGEST_BODY, LARGEST_HEAD, Reader, Unusual, head_of
from habitr_emulator.gateway.lane import Lanes
from habitr_emulator.gateway.tls import Certificates
from habitr_emulator.kernel.clock import Clock
from habitr_emulator.services.faults import Dropped
from habitr_emulator.wire.http import Request, Response

CALL = b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"
TARGETED = b"POST / HTTP/1.1\r\nhost:localhost\r\nX-Amz-Target: A.B\r\n\r\n"


class Aiohttp(asyncio.Protocol):
    """Stands for aiohttp: says what bytes it got."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self.transport.write(b"aiohttp got " + data)


async def echo(request: Request) -> Response:
    return Response(200, {"x-target": request.target}, request.body)


Talk = Callable[..., Awaitable[bytes]]


class Served:
    """Lanes on a port."""

    port: int

    def __init__(self) -> None:
        self.answer: Callable[[Request], Awaitable[Response]] = echo
        self.lanes = Lanes(lambda request: self.answer(request), Aiohttp, Clock())

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def talk(self, *pieces: bytes, until: bytes) -> bytes:
        """What comes back for ``pieces`` (sent one after the other) up to ``until``."""
        reader, writer = await self.connect()
        async with asyncio.timeout(10):
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0)
            answer = await reader.readuntil(until)
        writer.close()
        return answer


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    made = Served()
    server = await asyncio.get_running_loop().create_server(made.lanes, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    await made.lanes.close(0)
    server.close()


async def test_a_call_is_answered_on_a_connection_that_stays(served: Served) -> None:
    reader, writer = await served.connect()
    for _ in range(3):
        writer.write(CALL)
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 OK\r\nx-target: /graphql\r\n")
        assert await reader.readexactly(2) == b"{}"
    writer.close()


def test_a_head_that_comes_again_is_read_alike() -> None:
    reader, other = Reader(), CALL.replace(b"localhost", b"otherhost")
    read = [reader.read(call) for call in (CALL, CALL.replace(b"{}", b"[]"), other, CALL)]
    hosts = [(found[0].host, found[0].body) for found in read if found is not None]
    assert hosts == [("localhost", b"{}"), ("localhost", b"[]"), ("otherhost", b"{}"), ("localhost", b"{}")]


async def test_calls_sent_together_are_answered_in_order(served: Served) -> None:
    free = asyncio.Event()

    async def slow_first(request: Request) -> Response:
        if request.body == b"{}":
            await free.wait()
        return Response(200, {}, b"<" + request.body + b">")

    served.answer = slow_first
    reader, writer = await served.connect()
    second = CALL.replace(b"{}", b"[]")
    writer.write(CALL + second + second[:-1])
    await asyncio.sleep(0)
    free.set()
    writer.write(second[-1:])
    for expected in (b"<{}>", b"<[]>", b"<[]>"):
        assert (await reader.readuntil(b">")).endswith(expected)
    writer.close()


async def test_a_body_may_come_in_pieces(served: Served) -> None:
    call = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n"
    assert (await served.talk(call, b"abc", b"def", until=b"def")).endswith(b"abcdef")


@pytest.mark.parametrize(
    "received",
    [
        b"GET /graphql?query=x HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /_habitr/health HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        b"GET /_habitr/export HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /_habitr/requests?follow HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /_habitr/requests?limit=1&follow=1 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /_habitr/requests/one?follow HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /_habitr/requests?f%6fllow HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /_habitr/%72equests?follow HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST /_habitr/requests?follow HTTP/1.1\r\nHost: a\r\nX-Amz-Target: A.B\r\n\r\n",
        b"POST /_habitr/seed?progress HTTP/1.1\r\nHost: a\r\nX-Amz-Target: A.B\r\n\r\n",
        b"GET /ping-bucket/key HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST /bucket HTTP/1.1\r\nHost: a\r\nX-Amz-Target: \r\n\r\n",
        b"DELETE /_habitr/inbox HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST /bucket HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx",
        b"POST /graphql/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST /graphql HTTP/1.0\r\nHost: a\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\n\r\n",
        b"POST  /graphql HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST http://a/graphql HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: a\r\nConnection: close, TE\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\nx",
        b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length : 1\r\n\r\nx",
        b"POST /graphql HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: a\nX: y\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: a\rX: y\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: a\r\nX: caf\xc3\xa9\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: a\r\nX: " + b"y" * LARGEST_HEAD + b"\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: " + str(LARGEST_BODY + 1).encode() + b"\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: a\r\n" + b"".join(b"X%d: y\r\n" % n for n in range(70)) + b"\r\n",
        b"POST /graphql HTT",
        b"\r\n\r\n",
        b"\x16\x03\x01",
    ],
)
async def test_whatever_is_unusual_goes_to_aiohttp_untouched(served: Served, received: bytes) -> None:
    answer = await served.talk(CALL, until=b"{}")
    assert answer.startswith(b"HTTP/1.1 200")
    assert await served.talk(received, until=received[-8:]) == b"aiohttp got " + received
    assert (await served.talk(CALL + received, until=b"aiohttp got " + received)).startswith(answer[:12])


async def test_a_connection_that_left_does_not_come_back(served: Served) -> None:
    unusual = b"GET / HTTP/1.1\r\n\r\n"
    assert (await served.talk(unusual + CALL, until=b"{}")) == b"aiohttp got " + unusual + CALL
    assert not served.lanes.open


async def test_preflights_questions_and_targeted_calls_are_the_lanes_too(served: Served) -> None:
    preflight = b"OPTIONS /x HTTP/1.1\r\nHost: a\r\nAccess-Control-Request-Method: PUT\r\n\r\n"
    assert (await served.talk(preflight, until=b"\r\n\r\n")).startswith(b"HTTP/1.1 200 OK\r\nx-target: /x\r\n")
    question = b"GET /_habitr/inbox?last HTTP/1.1\r\nHost: a\r\n\r\n"
    assert b"x-target: /_habitr/inbox?last" in await served.talk(question, until=b"\r\n\r\n")
    assert (await served.talk(TARGETED, until=b"\r\n\r\n")).startswith(b"HTTP/1.1 200 OK\r\nx-target: /\r\n")


async def test_who_asks_for_it_gets_a_connection_that_closes(served: Served) -> None:
    reader, writer = await served.connect()
    writer.write(CALL.replace(b"\r\n\r\n", b"\r\nConnection: Close\r\n\r\n") + CALL)
    async with asyncio.timeout(10):
        answer = await reader.read()
    assert b"\r\nConnection: close\r\n" in answer
    assert answer.count(b"HTTP/1.1 200 OK") == 1
    writer.close()


async def test_a_client_that_goes_away_does_not_stop_its_call(served: Served) -> None:
    begun, free, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow(_: Request) -> Response:
        begun.set()
        await free.wait()
        ended.set()
        return Response()

    served.answer = slow
    _, writer = await served.connect()
    writer.write(CALL)
    async with asyncio.timeout(10):
        await begun.wait()
        writer.close()
        await writer.wait_closed()
        free.set()
        await ended.wait()


async def test_closing_waits_for_the_answer_and_ends_idle_connections(served: Served) -> None:
    begun, free = asyncio.Event(), asyncio.Event()

    async def slow(_: Request) -> Response:
        begun.set()
        await free.wait()
        return Response(200, {}, b"done")

    idle_reader, idle_writer = await served.connect()
    idle_writer.write(CALL)
    await idle_reader.readuntil(b"{}")
    served.answer = slow
    reader, writer = await served.connect()
    writer.write(CALL)
    async with asyncio.timeout(10):
        await begun.wait()
        closing = asyncio.create_task(served.lanes.close(10))
        assert await idle_reader.read() == b""
        free.set()
        assert (await reader.read()).endswith(b"done")
        await closing
    writer.close()
    idle_writer.close()


async def test_closing_waits_no_longer_than_its_patience(served: Served) -> None:
    begun = asyncio.Event()

    async def never(_: Request) -> Response:
        begun.set()
        return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]

    served.answer = never
    reader, writer = await served.connect()
    writer.write(CALL)
    async with asyncio.timeout(10):
        await begun.wait()
        await served.lanes.close(0.01)
        assert await reader.read() == b""
    writer.close()


async def test_an_answer_that_breaks_closes_the_connection(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    async def injected(_: Request) -> Response:
        return Response(200, {"x": "a\r\nb: c"})

    served.answer = injected
    reader, writer = await served.connect()
    writer.write(CALL)
    assert await reader.read() == b""
    assert "could not be answered" in caplog.text
    writer.close()


@pytest.mark.parametrize("more", [b"", b"TE: trailers\r\n"])
async def test_a_fault_drops_the_connection_without_a_word(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, more: bytes
) -> None:
    async def drop(_: Request) -> Response:
        raise Dropped

    pipeline = SimpleNamespace(handle=drop, account=SimpleNamespace(clock=Clock()))
    gateway = Gateway(cast("Any", pipeline), Certificates(tmp_path, Clock(), "us-east-1", [], []))
    port = gateway.bind("127.0.0.1", 0, None)
    gateway.open()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(CALL.replace(b"\r\n\r\n", b"\r\n" + more + b"\r\n"))
        async with asyncio.timeout(10):
            with contextlib.suppress(ConnectionError):
                assert await reader.read() == b""
        writer.close()
    finally:
        await gateway.stop()
    assert not caplog.records


async def test_a_client_that_does_not_read_is_answered_no_further(served: Served) -> None:
    """Writing is paused by the transport, not by this test: the answers are large, and nobody takes them."""
    asked = 0

    async def large(_: Request) -> Response:
        nonlocal asked
        asked += 1
        return Response(200, {}, b"x" * 2_000_000)

    served.answer = large
    reader, writer = await served.connect()
    writer.write(CALL * 20)
    async with asyncio.timeout(20):
        while not asked or any(each._task for each in served.lanes.open):
            await asyncio.sleep(0.01)
        assert asked < 20
        await reader.readexactly(20 * 2_000_000)
    assert asked == 20
    writer.close()


class Sent(asyncio.Transport):
    """A transport that nothing leaves: its writing is paused by the test."""

    def __init__(self) -> None:
        super().__init__()
        self.written, self.reading, self.pauses = b"", True, 0

    def write(self, data: object) -> None:
        self.written += cast("bytes", data)

    def is_closing(self) -> bool:
        return False

    def close(self) -> None: ...

    def pause_reading(self) -> None:
        assert self.reading
        self.reading, self.pauses = False, self.pauses + 1

    def resume_reading(self) -> None:
        assert not self.reading
        self.reading = True


async def test_of_a_client_that_does_not_read_no_more_is_taken_than_a_call_holds() -> None:
    one, sent = Lanes(echo, Aiohttp, Clock())(), Sent()
    one.connection_made(sent)
    one.pause_writing()
    taken, size = 0, 20_000
    call = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size + b"x" * size
    while sent.reading and taken < 4 * LARGEST_BODY:
        one.data_received(call * 10)
        taken += len(call) * 10
    assert LARGEST_BODY < taken <= LARGEST_BODY + len(call) * 10
    assert not sent.written
    one.resume_writing()
    async with asyncio.timeout(30):
        while not sent.reading:
            await asyncio.sleep(0)
    assert len(one._received) <= LARGEST_BODY  # reading goes on when there is room, not with each answer
    async with asyncio.timeout(30):
        while one._received or one._task:
            await asyncio.sleep(0)
    assert sent.written.count(b"HTTP/1.1 200 OK") == taken // len(call)
    assert sent.pauses == 1
    one.connection_lost(None)


async def test_a_body_in_very_many_pieces_is_not_copied_with_each() -> None:
    one, sent = Lanes(echo, Aiohttp, Clock())(), Sent()
    one.connection_made(sent)
    one.data_received(b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % LARGEST_BODY)
    one.data_received(b"x")
    buffer = one._received
    for _ in range(100):
        one.data_received(b"x" * 100)
    assert one._received is buffer
    one.data_received(b"x" * (LARGEST_BODY - 10_001))
    async with asyncio.timeout(10):
        while not sent.written:
            await asyncio.sleep(0)
    assert sent.written.endswith(b"\r\n\r\n" + b"x" * LARGEST_BODY)
    one.connection_lost(None)


async def test_idle_connections_end(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lane, "KEEP_ALIVE", 0.01)
    reader, writer = await served.connect()
    writer.write(CALL)
    async with asyncio.timeout(10):
        assert (await reader.read()).endswith(b"{}")
    writer.close()


@pytest.mark.parametrize("closing", [b"", b"Connection: close\r\n"])
@pytest.mark.parametrize(
    "response",
    [
        Response(200, {"content-type": "text/plain", "X-Two": "b"}, b"hello"),
        Response(400, {"content-length": "77"}, b"{}"),
        Response(200, {}, b""),
        Response(503, {"x-habitr-why": "it is so"}, b"no type"),
    ],
)
async def test_the_answer_is_byte_for_byte_what_aiohttp_would_send(
    response: Response, tmp_path: Path, closing: bytes
) -> None:
    async def same(_: Request) -> Response:
        return Response(response.status, dict(response.headers), response.body)

    pipeline = SimpleNamespace(handle=same, account=SimpleNamespace(clock=Clock()))
    gateway = Gateway(cast("Any", pipeline), Certificates(tmp_path, Clock(), "us-east-1", [], []))
    port = gateway.bind("127.0.0.1", 0, None)
    gateway.open()

    async def answer(call: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(call)
        async with asyncio.timeout(10):
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(len(cast("bytes", response.body)))
        writer.close()
        return re.sub(rb"Date: [^\r]*", b"Date:", head) + body

    try:
        call = CALL.replace(b"\r\n\r\n", b"\r\n" + closing + b"\r\n")
        by_aiohttp = await answer(call.replace(b"\r\n\r\n", b"\r\nTE: trailers\r\n\r\n"))
        assert await answer(call) == by_aiohttp
    finally:
        await gateway.stop()


def test_what_streams_is_in_the_list_that_the_lane_goes_by() -> None:
    folder = Path(admin.__file__).parent
    streaming = {
        path.stem
        for path in folder.glob("*.py")
        if "yield" in path.read_text() or "archive.export" in path.read_text()
    }
    assert streaming - {"import"} == set(admin.STREAMED)  # import streams what it is sent, not what it answers


def test_a_header_cannot_end_its_line() -> None:
    for name, value in (("x", "a\r\nb: c"), ("x", "a\nb"), ("x\r\ny", "z"), ("x", "a\rb")):
        with pytest.raises(ValueError, match="line end"):
            head_of(Response(200, {name: value}), 0, "now", last=False)


_LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                b"Host: a",
                b"host: b",
                b"Content-Length: 0",
                b"Content-Length: 3",
                b"Content-Length:\t3",
                b"Content-Length: 03",
                b"content-length: 3, 3",
                b"Content-Length: 1_0",
                b"Transfer-Encoding: chunked",
                b"Transfer-Encoding : chunked",
                b"X-Amz-Target: A.B",
                b"X:   spaces  ",
                b"X:",
                b": empty",
                b" folded",
                b"Connection: keep-alive",
                b"Connection: x, close",
                b"Connection: close",
                b"connection:Keep-Alive",
            ]
        ),
        st.binary(max_size=12),
    ),
    max_size=6,
)


class _Kept(BaseProtocol):
    """What aiohttp's parser asks of its protocol."""


@given(
    first=st.sampled_from(
        [b"POST /graphql HTTP/1.1", b"POST / HTTP/1.1", b"OPTIONS /a%20b?c HTTP/1.1", b"POST /graphql  HTTP/1.1"]
    ),
    lines=_LINES,
    end=st.sampled_from([b"\r\n", b"\n", b"\r"]),
    body=st.sampled_from([b"", b"abc", b"abcdef"]),
)
def test_what_the_lane_reads_aiohttp_reads_alike(
    first: bytes, lines: list[bytes], end: bytes, body: bytes
) -> None:
    received = first + b"\r\n" + b"Host: a\r\n" + end.join(lines) + b"\r\n\r\n" + body
    try:
        found = Reader().read(received)
    except Unusual:
        return
    if found is None:
        return
    request, size = found
    loop = asyncio.new_event_loop()
    try:
        parser = HttpRequestParser(_Kept(loop), loop, 2**16)
        messages, upgraded, _ = parser.feed_data(received[:size])
    finally:
        loop.close()
    ((message, payload),) = messages
    assert (message.method, message.path, upgraded, message.chunked) == (
        request.method,
        request.target,
        False,
        False,
    )
    theirs = [(name.decode().lower(), value.decode()) for name, value in message.raw_headers]
    assert theirs == request.headers.lines
    assert message.should_close == (request.headers.get("connection").lower() == "close")
    assert payload.is_eof()
    assert (payload.read_nowait(-1) if request.body else b"") == request.body
