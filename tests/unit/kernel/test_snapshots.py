"""Copies of the whole state: rows and bodies together."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from habitr_emulator.kernel.snapshots import Snapshots, recover
from habitr_emulator.kernel.store import Store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    made = Store(tmp_path)
    await made.open(["CREATE TABLE IF NOT EXISTS t (name TEXT)"])
    yield made
    await made.close()


async def put(store: Store, name: str) -> None:
    body = store.folder / "objects" / name[:1] / name
    body.parent.mkdir(parents=True, exist_ok=True)
    body.write_text(name)
    await store.write(lambda tx: tx.execute("INSERT INTO t VALUES (?)", (name,)) and None)


def names(store: Store) -> list[str]:
    return sorted(row["name"] for row in store.all("SELECT name FROM t"))


async def test_loading_brings_back_rows_and_bodies(store: Store) -> None:
    snapshots = Snapshots(store)
    assert not snapshots.exists("s")
    await put(store, "kept")
    await snapshots.save("s")
    await put(store, "later")
    kept = store.folder / "objects" / "k" / "kept"
    kept.unlink()
    await store.write(lambda tx: tx.execute("DELETE FROM t") and None)
    await snapshots.load("s")
    assert (names(store), kept.read_text()) == (["kept"], "kept")


async def test_saving_again_replaces_and_leaves_no_traces(store: Store) -> None:
    snapshots = Snapshots(store)
    for name in ("a", "b"):
        await put(store, name)
        await snapshots.save("s")
    await store.write(lambda tx: tx.execute("DELETE FROM t") and None)
    await snapshots.load("s")
    assert names(store) == ["a", "b"]
    assert [path.name for path in (store.folder / "snapshots").iterdir()] == ["s"]


async def test_snapshots_do_not_share_their_future(store: Store) -> None:
    snapshots = Snapshots(store)
    await put(store, "a")
    await snapshots.save("first")
    await put(store, "b")
    await snapshots.save("second")
    for name, expected in (("first", ["a"]), ("second", ["a", "b"]), ("first", ["a"])):
        await snapshots.load(name)
        assert names(store) == expected


@pytest.mark.parametrize("moves", [["s", "s.old"], ["s", "s.old", "s.partial", "s"]])
async def test_a_save_that_was_killed_leaves_the_earlier_or_the_new_copy(store: Store, moves: list[str]) -> None:
    snapshots, folder = Snapshots(store), store.folder / "snapshots"
    await put(store, "a")
    await snapshots.save("s")
    await put(store, "b")
    await snapshots.copy(folder / "s.partial")
    for source, target in zip(moves[::2], moves[1::2], strict=True):
        (folder / source).replace(folder / target)
    recover(store.folder)
    assert [path.name for path in folder.iterdir()] == snapshots.names() == ["s"]
    await snapshots.load("s")
    assert names(store) == (["a"] if len(moves) == 2 else ["a", "b"])


async def test_a_first_save_that_was_killed_leaves_nothing(store: Store) -> None:
    recover(store.folder)
    await Snapshots(store).copy(store.folder / "snapshots" / "s.partial")
    recover(store.folder)
    assert list((store.folder / "snapshots").iterdir()) == []
