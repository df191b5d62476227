"""Connections that have left the fast lane: aiohttp reads them. The translation between it and ``wire.http``."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import BinaryIO

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from habitr_emulator.gateway.connection import Connection
from habitr_emulator.gateway.lane import KEEP_ALIVE, SERVER
from habitr_emulator.gateway.pipeline import Pipeline
from habitr_emulator.gateway.realtime import Sockets, serve
from habitr_emulator.services.faults import Dropped
from habitr_emulator.wire.http import FileRange, Headers, Request, Response

MAX_HEADER = 65_536
READ_BUFFER = 262_144
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_http_log = logging.getLogger("habitr_emulator.http")


def _is_of_interest(record: logging.LogRecord) -> bool:
    """Whether an error below the pipeline is ours: not a request that is no HTTP, nor a client that has gone."""
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError | ConnectionError)


_http_log.addFilter(_is_of_interest)


class Edge:
    """aiohttp's server; calling it makes the protocol of one connection."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._sockets: Sockets | None = None
        self._server = web.Server(self._on_request)

    def __call__(self) -> asyncio.Protocol:
        return Connection(
            self._server,
            access_log=None,
            logger=_http_log,
            auto_decompress=False,
            max_line_size=MAX_HEADER,
            max_field_size=MAX_HEADER,
            max_headers=256,
            read_bufsize=READ_BUFFER,
            keepalive_timeout=KEEP_ALIVE,
        )

    async def close(self, patience: float) -> None:
        """End WebSockets and idle connections; what is being answered gets ``patience`` seconds to end."""
        if self._sockets is not None:
            await self._sockets.close()
        self._server.pre_shutdown()  # idle connections end now; else each is waited for
        await self._server.shutdown(patience)

    async def _on_request(self, raw: web.BaseRequest) -> web.StreamResponse:
        _connection(raw).begin()
        if raw.headers.get("Upgrade", "").lower() == "websocket":
            account = self._pipeline.account
            self._sockets = account.part(Sockets)
            return await serve(raw, account, self._pipeline.authenticator.blob)
        try:
            response = await self._pipeline.handle(understand(raw))
        except Dropped:
            if raw.transport is not None:
                raw.transport.abort()
            return web.Response()
        response.headers.setdefault("Server", SERVER)
        answer = await _answer(raw, response)
        if raw.can_read_body and not raw.content.is_eof():
            answer.force_close()
        return answer


def _connection(raw: web.BaseRequest) -> Connection:
    assert isinstance(raw.protocol, Connection)
    return raw.protocol


def understand(raw: web.BaseRequest) -> Request:
    """A ``wire.http`` request; its body is a stream that says 100 Continue when it is first read."""
    target = raw.raw_path
    if not target.startswith("/"):
        target = "/" + target.partition("://")[2].partition("/")[2]
    lines = [
        (name.decode("latin-1").lower(), value.decode("utf-8", "surrogateescape"))
        for name, value in raw.raw_headers
    ]
    transport = raw.transport
    secure = transport is not None and transport.get_extra_info("sslcontext") is not None
    return Request(
        method=raw.method,
        target=target,
        headers=Headers(lines),
        stream=_stream(raw) if raw.can_read_body else None,
        scheme="https" if secure else "http",
        peer=raw.remote or "127.0.0.1",
    )


async def _stream(raw: web.BaseRequest) -> AsyncIterator[bytes]:
    if raw.headers.get("Expect", "").lower() == "100-continue":
        await raw.writer.write(CONTINUE)
        raw.writer.output_size = 0
    content = raw.content
    while True:
        piece = await content.readany()
        if not piece:
            return
        yield piece


async def _answer(raw: web.BaseRequest, response: Response) -> web.StreamResponse:
    body = response.body
    if isinstance(body, bytes):
        return _whole(raw, response, body)
    if isinstance(body, tuple):
        return await _send_files(raw, response, body)
    answer = web.StreamResponse(status=response.status, headers=response.headers)
    _connection(raw).stream()
    try:
        await answer.prepare(raw)
        async for piece in body:
            await answer.write(piece)
        await answer.write_eof()
    finally:
        if close := getattr(body, "aclose", None):  # what it holds is let go of at once, whoever has left
            await close()
    return answer


def _whole(raw: web.BaseRequest, response: Response, body: bytes) -> web.StreamResponse:
    headers = {name: value for name, value in response.headers.items() if name.lower() != "content-length"}
    if raw.method != "HEAD" or body:
        return web.Response(status=response.status, headers=headers, body=body)
    answer = web.StreamResponse(status=response.status, headers=headers)
    declared = [value for name, value in response.headers.items() if name.lower() == "content-length"]
    answer.content_length = int(declared[0]) if declared else 0
    return answer


async def _send_files(
    raw: web.BaseRequest, response: Response, ranges: tuple[FileRange, ...]
) -> web.StreamResponse:
    answer = web.StreamResponse(status=response.status, headers=response.headers)
    answer.content_length = sum(part.length for part in ranges)
    loop = asyncio.get_running_loop()
    files = [(part.path.open("rb"), part) for part in ranges]
    try:
        await answer.prepare(raw)
        transport = raw.transport
        if transport is not None and raw.method != "HEAD":
            await raw.writer.drain()
            for file, part in files:
                await _send_file(loop, transport, answer, file, part)
        await answer.write_eof()
    finally:
        for file, _ in files:
            file.close()
    return answer


async def _send_file(
    loop: asyncio.AbstractEventLoop,
    transport: asyncio.Transport,
    answer: web.StreamResponse,
    file: BinaryIO,
    part: FileRange,
) -> None:
    """By the kernel where the loop and the transport can (not over TLS, not on uvloop), else piece by piece."""
    if hasattr(loop, "_sendfile_native") and transport.get_extra_info("sslcontext") is None:
        await loop.sendfile(transport, file, part.offset, part.length)
        return
    file.seek(part.offset)
    left = part.length
    while left and (piece := file.read(min(left, READ_BUFFER))):
        left -= len(piece)
        await answer.write(piece)
