"""What a connection does later: by real time, which clients keep, or when the emulator's clock is put past it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from habitr_emulator.kernel.clock import Clock


@dataclass(slots=True)
class _Deadline:
    handle: asyncio.TimerHandle
    due: float
    action: Callable[[], None]


class Deadlines:
    """Named timers of one connection."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._set: dict[str, _Deadline] = {}

    def after(self, name: str, seconds: float, action: Callable[[], None]) -> None:
        """Call ``action`` in so many seconds; a timer of this name that is set is set anew."""
        self.cancel(name)
        handle = asyncio.get_running_loop().call_later(seconds, self._come, name)
        self._set[name] = _Deadline(handle, self._clock.now() + seconds, action)

    def at(self, name: str, moment: float, action: Callable[[], None]) -> None:
        """Call ``action`` once the emulator's clock shows ``moment``, however long that takes."""

        def look() -> None:
            if self._clock.now() >= moment:
                action()
            else:
                self.at(name, moment, action)

        # not more often than twice a second: a frozen clock does not get there by waiting
        self.after(name, max(moment - self._clock.now(), 0.5), look)

    def cancel(self, name: str) -> None:
        """Forget a timer, if it is set."""
        found = self._set.pop(name, None)
        if found is not None:
            found.handle.cancel()

    def clear(self) -> None:
        """Forget every timer."""
        for name in tuple(self._set):
            self.cancel(name)

    def clock_moved(self) -> None:
        """The emulator's clock was put to another time: what is due now, happens now."""
        now = self._clock.now()
        for name in [name for name, deadline in self._set.items() if deadline.due <= now]:
            self._come(name)

    def _come(self, name: str) -> None:
        found = self._set.pop(name, None)
        if found is not None:
            found.handle.cancel()
            found.action()
