"""A worker's operating-system process: its pipes, its end, and nobody left behind."""

import asyncio
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import cast

#: The newest bytes of output that are kept for one invocation.
KEPT_LOG = 256 * 1024

_GRACE = 2.0


class Process(asyncio.SubprocessProtocol):
    """A child process in a session of its own, so that a signal reaches whatever it started as well.

    ``receive`` is given what it writes to stdout (None: that is log, too), ``ended`` its exit status once all
    output has been read. Stderr is log.
    """

    def __init__(self, receive: Callable[[bytes], None] | None, ended: Callable[[int], None]) -> None:
        self._receive, self._ended = receive, ended
        self._log = bytearray()
        self._gone, self._killed = asyncio.Event(), False
        self._transport: asyncio.SubprocessTransport | None = None
        self._input: asyncio.WriteTransport | None = None

    async def start(self, command: Sequence[str], environment: Mapping[str, str], folder: Path) -> None:
        """Start ``command`` in ``folder`` with exactly ``environment``; raises OSError if it cannot run."""
        loop = asyncio.get_running_loop()
        await loop.subprocess_exec(
            lambda: self, *command, env=dict(environment), cwd=folder, start_new_session=True
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.SubprocessTransport", transport)
        self._input = cast("asyncio.WriteTransport", self._transport.get_pipe_transport(0))

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Pass on what the process wrote."""
        if fd == 1 and self._receive is not None:
            self._receive(data)
            return
        self._log += data
        if len(self._log) > KEPT_LOG:
            del self._log[:-KEPT_LOG]

    def process_exited(self) -> None:
        """End what the process left behind: it holds the pipes open."""
        self._signal()

    def connection_lost(self, exc: Exception | None) -> None:
        """All output is read and the process is gone."""
        self._gone.set()
        assert self._transport is not None
        self._ended(self._transport.get_returncode() or 0)

    @property
    def running(self) -> bool:
        """Whether it can take input."""
        return self._transport is not None and not self._killed and self._transport.get_returncode() is None

    def write(self, data: bytes) -> None:
        """Put bytes on its stdin."""
        if self._input is not None and not self._input.is_closing():
            self._input.write(data)

    def take_log(self) -> bytes:
        """The output since the last call."""
        taken = bytes(self._log)
        self._log.clear()
        return taken

    def kill(self) -> None:
        """End it at once."""
        self._killed = True
        if self._transport is not None and self._transport.get_returncode() is None:
            self._signal()

    def _signal(self) -> None:
        assert self._transport is not None
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._transport.get_pid(), signal.SIGKILL)

    async def end(self) -> None:
        """End it and wait until nothing is left."""
        self.kill()
        if self._transport is not None:
            with suppress(TimeoutError):  # something that left the session may hold a pipe open
                async with asyncio.timeout(_GRACE):
                    await self._gone.wait()
            self._transport.close()
