"""Runs an emulator in a thread with an event loop of its own, for tests of any kind, with a loop or without."""

import asyncio
import threading
import warnings
from collections.abc import Coroutine, Generator
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

from habitr_emulator.emulator import Emulator
from habitr_emulator.settings import Settings

T = TypeVar("T")
PATIENCE = 60.0


class Pending(Generic[T]):
    """What the emulator is at: ``await`` it in an async test, or ask for its ``result()`` in any other.

    One that nobody asked has kept its error to itself; a RuntimeWarning says so, as of a coroutine.
    """

    def __init__(self, future: "Future[T]") -> None:
        self._future = future
        self._asked = False

    def __del__(self) -> None:
        if not self._asked:
            warnings.warn("neither awaited nor asked for its result()", RuntimeWarning, 2)

    def __await__(self) -> Generator[Any, None, T]:
        self._asked = True
        return asyncio.wrap_future(self._future).__await__()

    def result(self, timeout: float = PATIENCE) -> T:
        """Wait for it, at most ``timeout`` seconds; raises what it raised."""
        self._asked = True
        return self._future.result(timeout)


class Background:
    """One emulator, from ``start`` to ``stop``."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="habitr-emulator", daemon=True)

    def start(self) -> Emulator:
        """Start it. Raises what Emulator.start raises."""
        self._thread.start()
        try:
            self.emulator = self.run(self._started()).result()
        except BaseException:
            self._end()
            raise
        return self.emulator

    def run(self, work: "Coroutine[Any, Any, T]") -> Pending[T]:
        """Let the emulator's loop do something."""
        return Pending(asyncio.run_coroutine_threadsafe(work, self._loop))

    def stop(self) -> None:
        """Stop it and end the thread."""
        try:
            self.run(self.emulator.stop()).result()
        finally:
            self._end()

    async def _started(self) -> Emulator:
        emulator = Emulator(self._settings)
        await emulator.start()
        return emulator

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()
