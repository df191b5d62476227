"""The HTTP data source: this machine only."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from habitr_emulator.services.appsync.data_sources.http import invoke
from habitr_emulator.services.appsync.spec import DataSource
from habitr_emulator.services.context import Context


@pytest.fixture
async def endpoint() -> AsyncIterator[str]:
    """A server that tells what it was asked."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        size = next(
            (int(line[15:]) for line in head.splitlines() if line.lower().startswith("content-length:")), 0
        )
        body = json.dumps(
            {"line": head.splitlines()[0], "body": (await reader.readexactly(size)).decode()}
        ).encode()
        writer.write(b"HTTP/1.1 201 Created\r\nx-mine: yes\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    await server.wait_closed()


async def test_a_request_is_sent_and_answered(ctx: Context, endpoint: str) -> None:
    document = {"method": "POST", "resourcePath": "/a", "params": {"query": {"q": 1}, "body": {"x": [1]}}}
    (result,) = await invoke([document], DataSource("h", "HTTP", {"endpoint": endpoint}), ctx)
    assert result.error is None
    assert (result.value["statusCode"], result.value["headers"]["x-mine"]) == (201, "yes")
    assert json.loads(result.value["body"]) == {"line": "POST /a?q=1 HTTP/1.1", "body": '{"x":[1]}'}


@pytest.mark.parametrize(
    "endpoint", ["http://example.com", "https://10.0.0.1", "ftp://localhost", "http://localhost.evil.example"]
)
async def test_nothing_leaves_this_machine(ctx: Context, endpoint: str) -> None:
    document = {"method": "GET", "resourcePath": "/"}
    (result,) = await invoke([document], DataSource("h", "HTTP", {"endpoint": endpoint}), ctx)
    assert result.error is not None
    assert "not on this machine" in result.error.message


async def test_a_document_without_path_is_refused(ctx: Context) -> None:
    (result,) = await invoke([{"method": "GET"}], DataSource("h", "HTTP", {"endpoint": "http://localhost:1"}), ctx)
    assert result.error is not None
    assert result.error.error_type == "MappingTemplate"
