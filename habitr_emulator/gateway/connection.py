"""A connection that aiohttp reads: it must say what it wants in time, and what streams to it ends when it goes."""

import asyncio
from typing import Any

from aiohttp import web

#: Seconds from the first bytes of a request to the end of its head; who says nothing may idle longer.
SLOWEST_HEAD = 30.0


class Connection(web.RequestHandler):
    """aiohttp's protocol, with what it leaves unbounded."""

    __slots__ = ("_answering", "_head_due", "_streaming")

    def __init__(self, server: web.Server, **settings: Any) -> None:
        super().__init__(server, loop=asyncio.get_running_loop(), **settings)
        self._answering = False
        self._head_due: asyncio.TimerHandle | None = None
        self._streaming: asyncio.Task[Any] | None = None

    def data_received(self, data: bytes) -> None:
        """Bytes that come while nothing is answered begin a head, which is awaited for so long."""
        if not self._answering and self._head_due is None:
            self._head_due = self._loop.call_later(SLOWEST_HEAD, self.force_close)
        super().data_received(data)

    def begin(self) -> None:
        """A head is whole, and its request is answered from now on."""
        self._answering = True
        self._forget_head()

    def stream(self) -> None:
        """The running task sends bit by bit: it ends with the connection, even while it has nothing to send."""
        self._streaming = asyncio.current_task()

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Send what is left of the answer; only then the next head is awaited."""
        try:
            return await super().finish_response(request, resp, start_time)
        finally:
            self._answering, self._streaming = False, None

    def connection_lost(self, exc: BaseException | None) -> None:
        """Nobody hears the answer any more."""
        self._forget_head()
        super().connection_lost(exc)
        if self._streaming is not None:
            self._streaming.cancel()

    def _forget_head(self) -> None:
        if self._head_due is not None:
            self._head_due.cancel()
            self._head_due = None
