"""What is due when, by the emulator's clock: moving the clock does it in order, each thing at its own time."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from habitr_emulator.kernel.bus import Bus
from habitr_emulator.kernel.clock import Clock

#: A move does at most so many things one by one; what is left is done at its end, all at once.
MOST_STEPS = 2000
#: Told with (from, to) in seconds since 1970 after the clock was moved.
MOVED = "clock.moved"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Upkeep:
    """Something that happens by the passing of time. ``due`` tells when next (None: nothing is waiting), ``work``
    does what is due now.
    """

    due: Callable[[], float | None]
    work: Callable[[], Awaitable[object]]


async def _do(upkeep: Upkeep) -> None:
    try:
        await upkeep.work()
    except Exception:  # the others have their turn all the same
        _log.exception("what was due could not be done")


class Agenda:
    """The upkeeps of an account."""

    def __init__(self) -> None:
        self._upkeeps: list[Upkeep] = []

    def add(self, due: Callable[[], float | None], work: Callable[[], Awaitable[object]]) -> None:
        """Let something be done in its turn when the clock is moved."""
        self._upkeeps.append(Upkeep(due, work))

    async def move(self, clock: Clock, bus: Bus, to: float) -> None:
        """Put the clock to a time; forward, everything that becomes due on the way happens at its time."""
        begun = clock.now()
        stuck: set[Upkeep] = set()
        for _ in range(MOST_STEPS):
            found = self._next(to, stuck)
            if found is None:
                break
            at, upkeep = found
            clock.set(max(clock.now(), at))
            await _do(upkeep)
            if (upkeep.due() or to + 1) <= at:  # it did not get on: once more at the end, but not for ever
                stuck.add(upkeep)
        clock.set(to)
        if to > begun:
            for upkeep in self._upkeeps:
                if (upkeep.due() or to + 1) <= to:
                    await _do(upkeep)
        bus.publish(MOVED, (begun, to))

    def _next(self, to: float, stuck: set[Upkeep]) -> tuple[float, Upkeep] | None:
        waiting = [(at, each) for each in self._upkeeps if each not in stuck and (at := each.due()) is not None]
        first = min(waiting, key=lambda pair: pair[0], default=None)
        return first if first is not None and first[0] <= to else None
