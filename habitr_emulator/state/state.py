"""What is done with the state as a whole; each step is atomic, and one is done at a time."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from habitr_emulator.kernel.bus import Bus
from habitr_emulator.kernel.snapshots import Snapshots
from habitr_emulator.kernel.store import Store

if TYPE_CHECKING:
    from habitr_emulator.seed.file import Seed
    from habitr_emulator.seed.player import Player

#: The state that ``up`` made, with its seed, and the same without.
STARTED, EMPTY = "started", "empty"
_OWN = {STARTED, EMPTY}
#: Hears how many steps are done, of how many.
Told = Callable[[int, int], None]
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Step(NamedTuple):
    """How many steps of a seed are done, of how many; what the last one was, and whether it was not there yet."""

    done: int
    total: int
    what: str
    new: bool


class StateError(Exception):
    """It cannot be done with this state; the reason in one sentence."""


class State:
    """The state of one emulator. ``deploy`` makes the project's resources where they are not there;
    ``player`` is made when something is seeded.
    """

    def __init__(
        self, store: Store, bus: Bus, deploy: Callable[[], Awaitable[None]], player: "Callable[[], Player]"
    ) -> None:
        self._store, self._bus, self._deploy, self._player = store, bus, deploy, player
        self.snapshots = Snapshots(store)
        self._one_at_a_time = asyncio.Lock()
        #: Which of the start's copies are of an earlier run.
        self._old: set[str] = set()

    def continues(self) -> bool:
        """Whether an earlier run began this state; its project may have lacked what this one has."""
        self.outdate()
        return STARTED in self._old

    def outdate(self) -> None:
        """The start's copies are of another project than what runs now: a reset is to deploy that again."""
        self._old = {name for name in _OWN if self.snapshots.exists(name)}

    async def begin(self, seeds: "Sequence[Seed]", told: Told) -> None:
        """Seed a state that has just been deployed, and keep it for ``reset``; ``told`` hears how far it is.

        Raises SeedError.
        """
        if EMPTY in self._old:  # an earlier start was cut off while it seeded
            await self.snapshots.load(EMPTY)
            self._bus.publish("store.restored")
            await self._deploy()
        if seeds:
            await self.snapshots.save(EMPTY)
            async for step in self.seed(seeds):
                told(step.done, step.total)
        await self.snapshots.save(STARTED)
        self._old = set()

    async def seed(self, seeds: "Sequence[Seed]") -> AsyncIterator[Step]:
        """Play seeds; yields each step when it is done. Raises SeedError."""
        total, done = sum(map(len, seeds)), 0
        player = self._player()
        for seed in seeds:
            async for what, new in player.play(seed):
                done += 1
                yield Step(done, total, what, new)

    async def reset(self, *, empty: bool = False) -> None:
        """Back to the state right after the start, seed included (or without it); listeners are told."""
        name = EMPTY if empty and self.snapshots.exists(EMPTY) else STARTED
        async with self._one_at_a_time:
            await self.snapshots.load(name)
            self._bus.publish("store.restored")
            if name in self._old:
                await self._deploy()
                await self.snapshots.save(name)
                self._old.discard(name)

    def names(self) -> list[str]:
        """The snapshots that were saved."""
        return [name for name in self.snapshots.names() if name not in _OWN]

    async def save(self, name: str) -> None:
        """Save the present state under a name, over an earlier one. Raises StateError."""
        _check(name)
        async with self._one_at_a_time:
            await self.snapshots.save(name)

    async def copy(self, folder: Path) -> None:
        """Copy the present state into a folder."""
        async with self._one_at_a_time:
            await self.snapshots.copy(folder)

    async def load(self, name: str) -> None:
        """Make a saved snapshot the present state. Raises StateError."""
        _check(name)
        async with self._one_at_a_time:  # who saves over it has it away for a moment
            if not self.snapshots.exists(name):
                known = ", ".join(self.names()) or "none"
                raise StateError(f"there is no snapshot of this name: {name}; there are: {known}")
            await self._adopt(self.snapshots.folder(name))

    async def adopt(self, source: Path) -> None:
        """Make a folder's database and bodies the present state, and add what the project has beyond it."""
        async with self._one_at_a_time:
            await self._adopt(source)

    async def _adopt(self, source: Path) -> None:
        await self.snapshots.adopt(source, foreign=True)
        self._bus.publish("store.restored")
        await self._deploy()


def _check(name: str) -> None:
    if not _NAME.fullmatch(name) or name in _OWN:
        raise StateError(f"a snapshot's name has letters, digits, - and _, and is not started or empty: {name}")
