"""A sandbox: one worker process of a function, with at most one invocation in flight."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from habitr_emulator.services.lambda_ import failures
from habitr_emulator.services.lambda_.process import Process

#: How long a function may take to load, in seconds.
#: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
INIT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call: the event as JSON, ``timeout`` in seconds."""

    request_id: str
    event: bytes
    function_arn: str
    timeout: float
    client_context: str = ""
    trace_id: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the result, or an error object if it ``failed``; memory in MiB (0 is unknown)."""

    payload: bytes
    failed: bool = False
    memory: int = 0


@dataclass(frozen=True, slots=True)
class Launch:
    """What a runtime needs to start a process: the task root, the handler, the whole environment, and a folder
    (below the emulator's state) for what is built from the project's sources; packages bring their programs built.
    """

    folder: Path
    handler: str
    environment: Mapping[str, str]
    built: Path | None = None


class Untaken(Exception):
    """The process ended between two invocations, and never saw the second."""


class Sandbox:
    """What the pool sees of a worker, whichever way its runtime talks.

    The runtime sets ``process`` and ``deliver`` (hands an invocation over, with its deadline in milliseconds
    since 1970), and calls ``started``, ``answered`` or ``ended`` when something comes back.
    """

    process: Process
    deliver: Callable[[Invocation, int], None]

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[Reply | None] = loop.create_future()
        self._reply: asyncio.Future[Reply] | None = None
        self._loaded = False
        #: Whether the process has seen the invocation that was delivered last; a runtime that knows may clear it.
        self.taken = True
        self.close_channel: Callable[[], None] = lambda: None

    def started(self, failure: Reply | None = None) -> None:
        """The function is loaded, or failed to."""
        if not self._ready.done():
            self._loaded = failure is None
            self._ready.set_result(failure)

    def answered(self, reply: Reply) -> None:
        """The invocation in flight is done."""
        if self._reply is not None and not self._reply.done():
            self._reply.set_result(reply)

    def ended(self, code: int) -> None:
        """The process is gone; whoever waits for it hears so."""
        reply = Reply(failures.exited(code), failed=True)
        self.started(reply)
        if self.taken:
            self.answered(reply)
        elif self._reply is not None and not self._reply.done():
            self._reply.set_exception(Untaken())

    @property
    def usable(self) -> bool:
        """Whether another invocation may be handed over: loaded, alive, nothing in flight."""
        return self._loaded and self.process.running and (self._reply is None or self._reply.done())

    async def initialise(self) -> Reply | None:
        """Wait until the function is loaded; a reply tells why it is not."""
        try:
            async with asyncio.timeout(INIT_SECONDS):
                return await self._ready
        except TimeoutError:
            return Reply(failures.timed_out(INIT_SECONDS), failed=True)

    async def invoke(self, invocation: Invocation, deadline: int) -> Reply:
        """Run one invocation. A process that is too slow, or whose caller went away, is killed.

        Raises Untaken if the process was about to end.
        """
        self._reply = asyncio.get_running_loop().create_future()
        self.deliver(invocation, deadline)
        try:
            async with asyncio.timeout(invocation.timeout):
                return await self._reply
        except TimeoutError:
            self.process.kill()
            return Reply(failures.timed_out(invocation.timeout), failed=True)
        except asyncio.CancelledError:
            self.process.kill()
            raise

    async def close(self) -> None:
        """End the process and wait until it is gone."""
        self.close_channel()
        await self.process.end()
