"""What happened, told to whoever listens: after commit, never before, and never awaited by the teller."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

Listener = Callable[[Any], Awaitable[None] | None]
_log = logging.getLogger(__name__)


class Bus:
    """Topics and their listeners, in one process.

    A topic is a dotted name (``inbox.delivered``, ``dynamodb.stream``, ``store.restored``). A plain listener
    runs at once, an async one in a task of its own; an exception of a listener is logged and reaches nobody.
    """

    def __init__(self) -> None:
        self._listeners: defaultdict[str, list[Listener]] = defaultdict(list)
        self._tasks: set[asyncio.Task[None]] = set()

    def subscribe(self, topic: str, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with every event of ``topic``; the returned function ends that."""
        listeners = self._listeners[topic]
        listeners.append(listener)
        return lambda: listeners.remove(listener) if listener in listeners else None

    def publish(self, topic: str, event: Any = None) -> None:
        """Tell every listener of ``topic``."""
        for listener in tuple(self._listeners.get(topic, ())):
            try:
                outcome = listener(event)
            except Exception:
                _log.exception("a listener of %s failed", topic)
                continue
            if outcome is not None:
                self.spawn(outcome)

    def spawn(self, work: Awaitable[None]) -> None:
        """Run ``work`` in the background, bound to this emulator: ``close`` ends it, errors are logged."""
        task = asyncio.ensure_future(_guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Cancel what still runs and wait for it."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def _guarded(work: Awaitable[None]) -> None:
    try:
        await work
    except asyncio.CancelledError:
        raise
    except Exception:
        _log.exception("background work failed")
