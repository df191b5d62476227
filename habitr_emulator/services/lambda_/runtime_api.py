"""The Lambda Runtime API, for one worker: what Go, Node and ``provided`` programs poll.

A small HTTP/1.1 server on a loopback port of its own, so that an event is bound to the process that it is for.
https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import asyncio
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import cast

from habitr_emulator.services.lambda_.sandbox import Invocation, Reply, Sandbox

PREFIX = "/2018-06-01/runtime/"
MAXIMUM_BODY = 6 * 1024 * 1024 + 1024
_MAXIMUM_HEADER = 64 * 1024
_OK = json.dumps({"status": "OK"}).encode()


class RuntimeApi:
    """Serves one sandbox: hands it invocations and takes its answers."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._invocations: asyncio.Queue[tuple[Invocation, int]] = asyncio.Queue()
        self._in_flight = ""
        self._connections: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def listen(self) -> str:
        """Open a port and give ``host:port``, which AWS_LAMBDA_RUNTIME_API is to hold."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_MAXIMUM_HEADER)
        return f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def deliver(self, invocation: Invocation, deadline: int) -> None:
        """Give the worker its next event; ``deadline`` in milliseconds since 1970."""
        self._sandbox.taken = False
        self._invocations.put_nowait((invocation, deadline))

    def close(self) -> None:
        """Stop listening and hang up."""
        if self._server is not None:
            self._server.close()
        for connection in self._connections:
            connection.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = cast("asyncio.Task[None]", asyncio.current_task())
        self._connections.add(connection)
        try:
            while (request := await _read(reader)) is not None:
                method, path, headers, body = request
                writer.write(await self._answer(method, path, headers, body))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass  # the worker went away or does not speak HTTP: its process tells the sandbox
        except asyncio.CancelledError:
            pass  # by close
        finally:
            self._connections.discard(connection)
            writer.close()

    async def _answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
        if not path.startswith(PREFIX):
            return _response(404, _error("NotFound", f"no such path: {path}"))
        match method, path.removeprefix(PREFIX).split("/"):
            case "GET", ["invocation", "next"]:
                return await self._next()
            case "POST", ["invocation", request_id, "response" | "error" as kind]:
                return self._answered(request_id, kind, headers, body)
            case "POST", ["init", "error"]:
                self._sandbox.started(Reply(_error_object(headers, body), failed=True))
                return _response(202, _OK)
        return _response(404, _error("NotFound", f"no such path: {method} {path}"))

    async def _next(self) -> bytes:
        """A long poll: the first one says that the function is loaded."""
        self._sandbox.started()
        invocation, deadline = await self._invocations.get()
        self._sandbox.taken = True
        self._in_flight = invocation.request_id
        headers = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
            "Lambda-Runtime-Deadline-Ms": str(deadline),
            "Lambda-Runtime-Invoked-Function-Arn": invocation.function_arn,
            "Lambda-Runtime-Trace-Id": invocation.trace_id,
        }
        if invocation.client_context:
            headers["Lambda-Runtime-Client-Context"] = invocation.client_context
        return _response(200, invocation.event, headers)

    def _answered(self, request_id: str, kind: str, headers: Mapping[str, str], body: bytes) -> bytes:
        if request_id != self._in_flight:
            return _response(400, _error("InvalidRequestID", "Invalid request ID"))
        self._in_flight = ""
        failed = kind == "error"
        if not failed and len(body) > MAXIMUM_BODY - 1024:
            text = "Response payload size exceeded maximum allowed payload size (6291556 bytes)."
            self._sandbox.answered(Reply(_error("Function.ResponseSizeTooLarge", text), failed=True))
            return _response(413, _error("RequestEntityTooLarge", text))
        self._sandbox.answered(Reply(_error_object(headers, body) if failed else body, failed))
        return _response(202, _OK)


async def _read(reader: asyncio.StreamReader) -> tuple[str, str, dict[str, str], bytes] | None:
    """One request: method, path, headers (lower case) and body; None when the worker hung up."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines if line)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return method, path, headers, await _read_chunks(reader)
    length = int(headers.get("content-length") or 0)
    return method, path, headers, await reader.readexactly(_bounded(length))


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    body = bytearray()
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        _bounded(len(body) + size)
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    while (await reader.readuntil(b"\r\n")) != b"\r\n":
        pass  # trailers: a streaming response's error, which the buffered mode does not have
    return bytes(body)


def _bounded(size: int) -> int:
    """``size`` if it is a size that can be read; raises ValueError. Twice the maximum, to refuse it politely."""
    if not 0 <= size <= 2 * MAXIMUM_BODY:
        raise ValueError(f"a body of {size} bytes")
    return size


def _response(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    lines = {"Content-Type": "application/json", **(headers or {}), "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{head}\r\n".encode("latin-1") + body


def _error(error_type: str, message: str) -> bytes:
    return json.dumps({"errorType": error_type, "errorMessage": message}).encode()


def _error_object(headers: Mapping[str, str], body: bytes) -> bytes:
    """What the worker says went wrong; an empty body is told by its header alone."""
    return body or _error(headers.get("lambda-runtime-function-error-type", "Unhandled"), "")
