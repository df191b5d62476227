"""Archives: several at once, and what is left of those that nobody read."""

import asyncio
import gc
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from habitr_emulator.kernel.bus import Bus
from habitr_emulator.services.context import Account, Context
from habitr_emulator.state import archive
from habitr_emulator.state.leftovers import sweep
from habitr_emulator.state.state import State, StateError

ABOUT = {"version": "1", "project": "p", "region": "us-east-1", "account_id": "000000000000"}


async def nothing() -> None:
    return


def no_player() -> "object":
    raise AssertionError


@pytest.fixture
async def state(account: Account) -> State:
    await account.store.write(lambda tx: tx.execute("INSERT INTO kernel_secrets VALUES ('k', 'kept')").rowcount)
    return State(account.store, Bus(), nothing, no_player)  # type: ignore[arg-type]


def secret(account: Account) -> Any:
    row = account.store.one("SELECT value FROM kernel_secrets WHERE name = 'k'")
    return row and row["value"]


async def sent(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 1 << 16):
        await asyncio.sleep(0)
        yield content[start : start + (1 << 16)]


def left(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(("export", "import"))]


async def test_imports_at_once_each_bring_their_whole_archive(
    account: Account, ctx: Context, state: State
) -> None:
    folder = account.store.folder
    _, pieces = await archive.export(state, ctx, ABOUT, folder)
    content = b"".join([piece async for piece in pieces])
    for _ in range(3):
        taking = [archive.take(state, ctx, sent(content), ABOUT, folder) for _ in range(6)]
        broken = [archive.take(state, ctx, sent(b"no archive"), ABOUT, folder) for _ in range(3)]
        done = await asyncio.gather(*taking, *broken, return_exceptions=True)
        assert done[:6] == [None] * 6
        assert all(isinstance(each, StateError) for each in done[6:])
        assert secret(account) == "kept"
    assert left(folder) == []


async def test_an_export_that_nobody_reads_leaves_nothing(account: Account, ctx: Context, state: State) -> None:
    size, pieces = await archive.export(state, ctx, ABOUT, account.store.folder)
    assert left(account.store.folder) == []
    assert size == len(b"".join([piece async for piece in pieces]))
    open_now = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").is_dir() else 0
    for _ in range(3):
        await archive.export(state, ctx, ABOUT, account.store.folder)
    gc.collect()
    if open_now:
        assert len(list(Path("/proc/self/fd").iterdir())) == open_now


def test_a_start_sweeps_what_a_kill_left_of_archives(tmp_path: Path) -> None:
    for name in ("export-1/exact", "import-2", "import.partial", "objects", "snapshots/s.partial"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "file").write_text("x")
    sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["objects", "snapshots"]
    assert list((tmp_path / "snapshots").iterdir()) == []
