"""The fast lane: GraphQL and JSON-protocol calls, whole, small and without anything unusual, at half the price.

Every connection begins here. A request that is not beyond doubt (another method, a transfer coding, a header
twice, an upgrade, ``Expect``, a head that comes in pieces …) goes to aiohttp, and with it, for good, its
connection: not a byte of it has been answered, so aiohttp reads it from its beginning and decides what is wrong
with it. So the lane itself never refuses, and there is nothing that it reads otherwise than aiohttp.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final, cast

from habitr_emulator import __version__
from habitr_emulator.gateway.heads import LARGEST_BODY, Reader, Unusual, head_of
from habitr_emulator.kernel.clock import Clock, http_date
from habitr_emulator.services.faults import Dropped
from habitr_emulator.wire.http import Request, Response

KEEP_ALIVE: Final = 75.0
SERVER: Final = f"habitr-emulator/{__version__}"
_log = logging.getLogger(__name__)


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
        self._received: bytes | bytearray = b""
        self._reader = Reader()
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
        """Take bytes; while a request is answered, or the client does not read its answers, the next ones wait."""
        if not self._received:
            self._received = data  # mostly a whole request, and then it is not copied
        else:
            if isinstance(self._received, bytes):
                self._received = bytearray(self._received)
            self._received += data
        self._last = self._loop.time()
        if self._task is None and not self._held:
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
        if found is not None:
            self._take(found[1])
        if self._reading_held and (found is None or len(self._received) <= LARGEST_BODY):
            self._reading_held = False
            self._transport.resume_reading()
        if found is None:
            return
        request = found[0]
        request.peer, request.scheme = self._peer, self._scheme
        self._task = self._loop.create_task(self._answer(request))

    def _take(self, size: int) -> None:
        """Drop what has been read; of a bytearray that costs nothing, however much remains."""
        if isinstance(self._received, bytes):
            self._received = self._received[size:]
        else:
            del self._received[:size]

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
        protocol, received = self._lanes.aiohttp(), bytes(self._received)
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
