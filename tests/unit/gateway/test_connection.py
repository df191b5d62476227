"""Connections that left the fast lane: slow heads end, idle ones stay, and streams end with their readers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from habitr_emulator.gateway import connection
from habitr_emulator.gateway.connection import Connection
from habitr_emulator.gateway.edge import Edge
from habitr_emulator.wire.http import Request, Response

ASKED = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


class Served:
    """aiohttp on a port; ``made`` are its connections."""

    port: int

    def __init__(self) -> None:
        self.answer: Callable[[Request], Awaitable[Response]] = self.hello
        self.edge = Edge(cast("Any", SimpleNamespace(handle=lambda request: self.answer(request))))
        self.made: list[Connection] = []

    async def hello(self, _: Request) -> Response:
        return Response(200, {"content-type": "text/plain"}, b"hello")

    def protocol(self) -> asyncio.Protocol:
        made = self.edge()
        self.made.append(cast("Connection", made))
        return made

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port)


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    made = Served()
    server = await asyncio.get_running_loop().create_server(made.protocol, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    await made.edge.close(0)
    server.close()


@pytest.mark.parametrize("before", [b"", ASKED])
async def test_a_head_that_is_not_whole_in_time_ends_its_connection(
    served: Served, before: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, writer = await served.connect()
    async with asyncio.timeout(10):
        if before:
            writer.write(before)
            await reader.readuntil(b"hello")
        monkeypatch.setattr(connection, "SLOWEST_HEAD", 0.01)
        writer.write(ASKED[:20])
        assert await reader.read() == b""
    writer.close()


async def test_a_head_that_came_in_pieces_and_an_idle_connection_are_not_waited_for(served: Served) -> None:
    reader, writer = await served.connect()
    async with asyncio.timeout(10):
        writer.write(ASKED[:20])
        while not served.made or served.made[0]._head_due is None:
            await asyncio.sleep(0)
        for rest in (ASKED[20:], ASKED):
            writer.write(rest)
            await reader.readuntil(b"hello")
            assert served.made[0]._head_due is None
    writer.close()


async def test_what_comes_while_a_request_is_answered_is_no_slow_head(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, free = asyncio.Event(), asyncio.Event()

    async def slow(request: Request) -> Response:
        begun.set()
        await free.wait()
        assert request.stream is not None
        return Response(200, {}, b"".join([piece async for piece in request.stream]))

    served.answer = slow
    reader, writer = await served.connect()
    async with asyncio.timeout(10):
        writer.write(b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab")
        await begun.wait()
        writer.write(b"cde")
        free.set()
        assert (await reader.readuntil(b"abcde")).startswith(b"HTTP/1.1 200")
        assert served.made[0]._head_due is None
    writer.close()


async def test_an_answer_that_streams_ends_when_its_reader_goes(served: Served) -> None:
    ended = asyncio.Event()

    async def for_ever() -> AsyncIterator[bytes]:
        try:
            yield b"first"
            await asyncio.get_running_loop().create_future()
        finally:
            ended.set()

    async def streamed(_: Request) -> Response:
        return Response(200, {}, for_ever())

    served.answer = streamed
    reader, writer = await served.connect()
    async with asyncio.timeout(10):
        writer.write(ASKED)
        await reader.readuntil(b"first")
        writer.close()
        await writer.wait_closed()
        await ended.wait()
