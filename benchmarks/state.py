"""The state as a whole: a start that plays its seed, one that remembers it, and going back to it."""

import asyncio
import os
import statistics
import tempfile
import time

from benchmarks.scenarios import Row
from habitr_emulator.emulator import Emulator
from habitr_emulator.settings import Settings

TIMES = 200


def measure() -> list[Row]:
    """Starts in this process (without its imports), and resets of a seeded Habitr that was written to."""
    before = os.environ.get("XDG_CACHE_HOME")
    with tempfile.TemporaryDirectory() as cache:
        os.environ["XDG_CACHE_HOME"] = cache
        try:
            cold = asyncio.run(_start())
            warm = statistics.median(asyncio.run(_start()) for _ in range(5))
            bare = statistics.median(asyncio.run(_start(seed=False)) for _ in range(5))
            resets = sorted(asyncio.run(_resets()))
        finally:
            if before is None:
                del os.environ["XDG_CACHE_HOME"]
            else:
                os.environ["XDG_CACHE_HOME"] = before
    return [
        Row("start that plays the default seed", cold * 1000, "ms"),
        Row("start that remembers it (median of 5)", warm * 1000, "ms"),
        Row("start with --no-seed (median of 5)", bare * 1000, "ms"),
        Row(
            "reset of the seeded Habitr (median)",
            statistics.median(resets) * 1000,
            "ms",
            None,
            "10 ms",
            statistics.median(resets) * 1000,
            resets[int(TIMES * 0.99)] * 1000,
        ),
    ]


async def _start(*, seed: bool = True) -> float:
    begun = time.perf_counter()
    async with Emulator(Settings(memory=True, port=0, seed=seed)):
        return time.perf_counter() - begun


async def _resets() -> list[float]:
    taken = []
    async with Emulator(Settings(memory=True, port=0)) as emulator:
        public = emulator.public()
        key = {"x-api-key": emulator.config()["graphql_api_key"]}
        for _ in range(TIMES):
            await public.graphql(
                'mutation { createHabit(input: {tagline: "t", category: Health}) { id } }', {}, key
            )
            begun = time.perf_counter()
            await emulator.reset()
            taken.append(time.perf_counter() - begun)
    return taken
