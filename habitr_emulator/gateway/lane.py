"""The fast lane: GraphQL and JSON-protocol calls, whole, small and without anything unusual, at half the price.

Every connection begins here. A request that is not beyond doubt (another method, a transfer coding, a header
twice, an upgrade, ``Expect``, a head that comes in pieces …) goes to aiohttp, and with it, for good, its
connection: not a byte of it has been answered, so aiohttp reads it from its beginning and decides what is wrong
with it. So the lane itself never refuses, and there is nothing that it reads otherwise than aiohttp.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, cast

from habitr_emulator import __version__
from habitr_emulator.kernel.clock import Clock, http_date
from habitr_emulator.services.faults import Dropped
from habitr_emulator.wire.http import Headers, Request, Response

LARGEST_HEAD: Final = 16_384
LARGEST_BODY: Final = 1_048_576
MOST_HEADERS: Final = 64
_MINE: Final = re.compile(r"/_habitr/(?!export|requests\?(?:.*&)?follow)|/ping")
KEEP_ALIVE: Final = 75.0
SERVER: Final = f"habitr-emulator/{__version__}"
_HEAD_END: Final = b"\r\n\r\n"
#: Printable ASCII and line ends: what a head without surprises is made of.
_PLAIN: Final = bytes(range(0x20, 0x7F)) + b"\r\n"
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_GRAPHQL: Final = re.compile(r"/graphql(?:/[\w-]+)?(?:\?.*)?", re.ASCII)
_UNUSUAL: Final = frozenset(
    {"transfer-encoding", "upgrade", "expect", "te", "trailer", "proxy-connection", "sec-websocket-key"}
)
_CONNECTION: Final = ("keep-alive", "close")
_PHRASES: Final = {int(status): status.phrase for status in HTTPStatus}
_log = logging.getLogger(__name__)


class Unusual(Exception):
    """A request that aiohttp is to read."""


@dataclass(frozen=True, slots=True)
class Head:
    """Request line and headers; ``size`` is that of the body which follows."""

    method: str
    target: str
    headers: Headers
    size: int


class Reader:
    """Reads the requests of one connection. Most clients say the same every time: the last head is remembered."""

    __slots__ = ("_head", "_text")

    def __init__(self) -> None:
        self._text: bytes | None = None
        self._head = Head("", "", Headers(), 0)

    def read(self, received: bytes) -> tuple[Request, int] | None:
        """The request at the beginning of ``received`` and its size in bytes; None if its body is not all there.

        Raises Unusual.
        """
        end = received.find(_HEAD_END, 0, LARGEST_HEAD)
        if end < 0:
            raise Unusual
        text = received[:end]
        if text != self._text:
            self._head, self._text = read_head(text), text
        head, start = self._head, end + len(_HEAD_END)
        size = start + head.size
        if len(received) < size:
            return None
        return Request(head.method, head.target, head.headers, received[start:size]), size


def read_head(text: bytes) -> Head:
    """A head without its empty line. Raises Unusual."""
    if text.translate(None, _PLAIN):
        raise Unusual
    first, *lines = text.decode("ascii").split("\r\n")
    if text.count(b"\r") != len(lines) or text.count(b"\n") != len(lines):
        raise Unusual
    method, target = _asked(first)
    headers = _headers(lines)
    if not _belongs(method, target, headers):
        raise Unusual
    declared = headers.get("content-length", "0")
    if not declared.isdecimal() or len(declared) > len(str(LARGEST_BODY)) or int(declared) > LARGEST_BODY:
        raise Unusual
    return Head(method, target, headers, int(declared))


def _asked(line: str) -> tuple[str, str]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[2] != "HTTP/1.1" or not parts[1].startswith("/"):
        raise Unusual
    return parts[0], parts[1]


def _headers(lines: list[str]) -> Headers:
    found = []
    for line in lines:
        name, colon, value = line.partition(":")
        lower = _names.get(name) or _learned(name)
        if not colon:
            raise Unusual
        found.append((lower, value.strip(" ")))
    headers = Headers(found)
    if len(headers.first) != len(found) or len(found) > MOST_HEADERS or "host" not in headers:
        raise Unusual  # a header twice, too many, or none that HTTP/1.1 asks for
    return headers


_names: dict[str, str] = {}


def _learned(name: str) -> str:
    """A header's name in lower case; those of clients are few and come again and again."""
    if not _TOKEN.fullmatch(name):
        raise Unusual
    lower = name.lower()
    if len(_names) < 1000 and len(name) < 100:
        _names[name] = lower
    return lower


def _belongs(method: str, target: str, headers: Headers) -> bool:
    """Whether the request is one of the lane's: a call, the preflight of one, a question to the emulator itself.

    None of them is answered with files, or bit by bit.
    """
    if (
        not _UNUSUAL.isdisjoint(headers.first)
        or headers.get("connection", "keep-alive").lower() not in _CONNECTION
    ):
        return False
    if method == "OPTIONS":
        return "access-control-request-method" in headers
    if method == "GET":
        return bool(_MINE.match(target)) and "content-length" not in headers
    return method == "POST" and ("x-amz-target" in headers or _GRAPHQL.fullmatch(target) is not None)


def head_of(response: Response, length: int, date: str, *, last: bool) -> bytes:
    """Status line and headers, as aiohttp writes them; ``last`` says that the connection closes.

    Raises ValueError if a header would end its line.
    """
    lines = [f"HTTP/1.1 {response.status} {_PHRASES.get(response.status, '')}"]
    lines += [f"{name}: {value}" for name, value in response.headers.items() if name.lower() != "content-length"]
    lines.append(f"Content-Length: {length}")
    if length and not any(name.lower() == "content-type" for name in response.headers):
        lines.append("Content-Type: application/octet-stream")
    lines.append(f"Date: {date}")
    if last:
        lines.append("Connection: close")
    lines += ("", "")
    text = "\r\n".join(lines)
    if text.count("\n") != len(lines) - 1 or text.count("\r") != len(lines) - 1:
        raise ValueError("a header's value holds a line end")
    return text.encode()


class Lanes:
    """Makes the protocol of each connection, and ends them all.

    ``answer`` answers a request, ``aiohttp`` makes the protocol of connections that leave the lane.
    """

    def __init__(
        self,
        answer: Callable[[Request], Awaitable[Response]],
        aiohttp: Callable[[], asyncio.Protocol],
        clock: Clock,
    ) -> None:
        self.answer, self.aiohttp = answer, aiohttp
        self.open: set[Lane] = set()
        self.closing = False
        self._clock = clock
        self._second, self._date = 0, ""

    def __call__(self) -> "Lane":
        return Lane(self)

    def date(self) -> str:
        """The Date header's value, made once a second."""
        second = int(self._clock.real())
        if second != self._second:
            self._second, self._date = second, http_date(second)
        return self._date

    async def close(self, patience: float) -> None:
        """End idle connections; what is being answered gets ``patience`` seconds to end."""
        self.closing = True
        tasks = [task for task in [lane.end() for lane in tuple(self.open)] if task is not None]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


class Lane(asyncio.Protocol):
    """One connection; it answers one request at a time, in order."""

    _transport: asyncio.Transport
    _idle: asyncio.TimerHandle

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes
        self._loop = asyncio.get_running_loop()
        self._received, self._reader = b"", Reader()
        self._task: asyncio.Task[None] | None = None
        self._held = self._reading_held = False
        self._last = self._loop.time()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")
        self._peer = str(peer[0]) if isinstance(peer, tuple) else "127.0.0.1"
        self._scheme = "https" if transport.get_extra_info("sslcontext") is not None else "http"
        self._lanes.open.add(self)
        self._idle = self._loop.call_later(KEEP_ALIVE, self._end_idle)

    def connection_lost(self, error: Exception | None) -> None:
        """The client has gone; what it asked for is still carried out."""
        self._leave()

    def data_received(self, data: bytes) -> None:
        """Take bytes; while a request is answered, the next ones wait."""
        self._received = self._received + data if self._received else data
        self._last = self._loop.time()
        if self._task is None:
            self._next()
        elif len(self._received) > LARGEST_BODY and not self._reading_held:
            self._reading_held = True
            self._transport.pause_reading()

    def pause_writing(self) -> None:
        """The client does not read its answers: it gets no more until it does."""
        self._held = True

    def resume_writing(self) -> None:
        """It reads again."""
        self._held = False
        if self._task is None and self._received:
            self._next()

    def end(self) -> asyncio.Task[None] | None:
        """Close now, or after the answer that the returned task makes."""
        if self._task is None:
            self._transport.close()
        return self._task

    def _next(self) -> None:
        """Begin the next request, if it is all there and the client reads."""
        if self._held or self._transport.is_closing():
            return
        try:
            found = self._reader.read(self._received)
        except Unusual:
            self._hand_over()
            return
        if self._reading_held:
            self._reading_held = False
            self._transport.resume_reading()
        if found is None:
            return
        request, size = found
        self._received = self._received[size:]
        request.peer, request.scheme = self._peer, self._scheme
        self._task = self._loop.create_task(self._answer(request))

    async def _answer(self, request: Request) -> None:
        try:
            response = await self._lanes.answer(request)
            body = response.body if isinstance(response.body, bytes) else await _collected(response)
            last = request.headers.get("connection").lower() == "close"
            if not self._transport.is_closing():
                response.headers.setdefault("Server", SERVER)
                self._transport.write(head_of(response, len(body), self._lanes.date(), last=last) + body)
            if last:
                self._transport.close()
        except Dropped:
            self._transport.abort()
        except Exception:
            _log.exception("a request to %s could not be answered", request.raw_path)
            self._transport.close()
        finally:
            self._task = None
            self._last = self._loop.time()
            if self._lanes.closing:
                self._transport.close()
        if self._received:
            self._next()

    def _hand_over(self) -> None:
        """To aiohttp, with every byte that is not answered yet."""
        self._leave()
        if self._reading_held:
            self._transport.resume_reading()
        protocol, received = self._lanes.aiohttp(), self._received
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        protocol.data_received(received)

    def _leave(self) -> None:
        self._idle.cancel()
        self._lanes.open.discard(self)

    def _end_idle(self) -> None:
        left = self._last + KEEP_ALIVE - self._loop.time()
        if self._task is None and left <= 0:
            self._transport.close()
        else:
            self._idle = self._loop.call_later(max(left, 1.0), self._end_idle)


async def _collected(response: Response) -> bytes:
    """A body that comes in pieces (S3 sends blanks while it completes an upload), whole."""
    if isinstance(response.body, bytes | tuple):
        raise TypeError("a call was answered with files")
    return b"".join([piece async for piece in response.body])
