"""Group commit: every caller gets its own outcome, all or nothing, in the order of arrival."""

import asyncio
import os
import sqlite3
import threading
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from habitr_emulator.kernel.errors import InternalFailure
from habitr_emulator.kernel.store import Store, Transaction

SCHEMA = "CREATE TABLE IF NOT EXISTS t (name TEXT PRIMARY KEY, count INTEGER NOT NULL DEFAULT 0);"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    made = Store(tmp_path / "data")
    await made.open([SCHEMA])
    yield made
    await made.close()


def insert(tx: Transaction, name: str, count: int = 0) -> str:
    tx.execute("INSERT INTO t VALUES (?, ?)", (name, count))
    return name


def increment(tx: Transaction) -> int:
    row = tx.one("SELECT count FROM t WHERE name = 'n'")
    assert row is not None
    tx.execute("UPDATE t SET count = ? WHERE name = 'n'", (row["count"] + 1,))
    return int(row["count"]) + 1


def names(store: Store) -> list[str]:
    return [row["name"] for row in store.all("SELECT name FROM t ORDER BY name")]


async def test_a_write_returns_its_result_after_it_can_be_read(store: Store) -> None:
    assert await store.write(lambda tx: insert(tx, "a", 7)) == "a"
    row = store.one("SELECT count FROM t WHERE name = ?", ("a",))
    assert row is not None
    assert row["count"] == 7
    assert store.one("SELECT 1 FROM t WHERE name = 'none'") is None
    assert [tuple(row) for row in store.rows("SELECT * FROM t")] == [("a", 7)]


async def test_one_that_fails_fails_alone_in_its_batch(store: Store) -> None:
    def half(tx: Transaction) -> None:
        insert(tx, "half")
        raise ValueError("second thoughts")

    outcomes = await asyncio.gather(
        store.write(lambda tx: insert(tx, "a")),
        store.write(half),
        store.write(lambda tx: insert(tx, "a")),
        store.write(lambda tx: insert(tx, "b")),
        return_exceptions=True,
    )
    assert (outcomes[0], outcomes[3]) == ("a", "b")
    assert isinstance(outcomes[1], ValueError)
    assert isinstance(outcomes[2], sqlite3.IntegrityError)
    assert names(store) == ["a", "b"]


async def test_later_operations_see_the_earlier_ones_of_their_batch(store: Store) -> None:
    await store.write(lambda tx: insert(tx, "n"))
    assert await asyncio.gather(*(store.write(increment) for _ in range(1000))) == list(range(1, 1001))
    assert [tuple(row) for row in store.all("SELECT * FROM t")] == [("n", 1000)]


async def test_a_caller_that_gives_up_does_not_harm_the_others(store: Store) -> None:
    given_up = asyncio.ensure_future(store.write(lambda tx: insert(tx, "a")))
    other = asyncio.ensure_future(store.write(lambda tx: insert(tx, "b")))
    await asyncio.sleep(0)
    given_up.cancel()
    assert await other == "b"
    assert await store.write(lambda tx: insert(tx, "c")) == "c"


async def test_a_brief_write_stays_on_the_event_loop_and_a_long_one_leaves_it(store: Store) -> None:
    def where(tx: Transaction) -> int:
        return threading.get_ident()

    here = threading.get_ident()
    assert await store.write(where) == here
    assert await store.write(where, long=True) != here
    assert await store.write(where) == here


async def test_what_waits_for_the_disk_leaves_the_event_loop(tmp_path: Path) -> None:
    store = Store(tmp_path / "data", durable=True)
    await store.open([SCHEMA])
    assert await store.write(lambda tx: threading.get_ident()) != threading.get_ident()
    await store.close()


async def test_brief_and_long_writes_keep_their_order(store: Store) -> None:
    await store.write(lambda tx: insert(tx, "n"))
    writes = [store.write(increment, long=number % 7 == 0) for number in range(300)]
    assert await asyncio.gather(*writes) == list(range(1, 301))


async def test_a_long_write_that_fails_takes_nobody_along(store: Store) -> None:
    def refuse(tx: Transaction) -> None:
        raise ValueError("no")

    outcomes = await asyncio.gather(
        store.write(refuse, long=True), store.write(lambda tx: insert(tx, "a")), return_exceptions=True
    )
    assert isinstance(outcomes[0], ValueError)
    assert names(store) == ["a"]


async def test_the_log_does_not_grow_without_end(store: Store) -> None:
    log = store.path.with_name("state.db-wal")
    await store.write(lambda tx: insert(tx, "n"))
    for _ in range(3000):
        await store.write(increment)
    assert log.stat().st_size < 6_000_000  # 3,000 commits are over 12 MB of pages
    for number in range(200):
        await store.write(lambda tx, number=number: insert(tx, f"{number}" + "x" * 400_000))  # type: ignore[misc]
    assert log.stat().st_size < 40_000_000  # of 80 MB


async def test_readers_cannot_write(store: Store) -> None:
    with pytest.raises(sqlite3.OperationalError):
        store.all("INSERT INTO t VALUES ('x', 1)")


async def test_what_was_written_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    for count in range(3):
        store = Store(tmp_path / "data", durable=True)
        await store.open([SCHEMA])
        assert len(names(store)) == count
        writing = asyncio.ensure_future(store.write(partial(insert, name=str(count))))
        await asyncio.sleep(0)
        await store.close()
        assert await writing == str(count)


async def test_a_restore_brings_back_exactly_the_backup(store: Store, tmp_path: Path) -> None:
    await store.write(lambda tx: insert(tx, "kept"))
    await store.backup(tmp_path / "copy.db")
    await store.write(lambda tx: tx.execute("DELETE FROM t"))
    await store.write(lambda tx: insert(tx, "later"))
    await store.restore(tmp_path / "copy.db")
    assert names(store) == ["kept"]
    assert await store.write(lambda tx: insert(tx, "after")) == "after"
    assert names(store) == ["after", "kept"]
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".partial"] == []


async def test_writes_around_a_restore_are_before_it_or_after_it(store: Store, tmp_path: Path) -> None:
    await store.write(lambda tx: insert(tx, "kept"))
    await store.backup(tmp_path / "copy.db")
    writes = [store.write(partial(insert, name=f"w{number}")) for number in range(50)]
    await asyncio.gather(*writes[:25], store.restore(tmp_path / "copy.db"), *writes[25:])
    assert "kept" in names(store)
    assert await store.write(lambda tx: insert(tx, "after")) == "after"


async def test_a_store_in_memory_leaves_nothing_behind() -> None:
    store = Store(None)
    await store.open([SCHEMA])
    assert store.folder.stat().st_mode & 0o077 == 0
    await store.close()
    assert not store.folder.exists()


async def test_what_a_killed_owner_left_is_swept_and_what_lives_is_not() -> None:
    first = Store(None)
    living = first.folder
    killed = living.with_name(f"{living.name}-killed")
    young = living.with_name(f"{living.name}-young")
    killed.mkdir()
    young.mkdir()
    (killed / "state.db").touch()
    for folder in (living, killed):
        os.utime(folder, (1_000_000_000, 1_000_000_000))
    second = Store(None)
    try:
        assert living.exists()
        assert young.exists()
        assert not killed.exists()
    finally:
        young.rmdir()
        await first.close()
        await second.close()


async def test_a_full_disk_is_told_in_words_and_the_next_write_may_do_better(tmp_path: Path) -> None:
    store = Store(tmp_path)
    await store.open(["CREATE TABLE IF NOT EXISTS t (a TEXT)"])
    try:
        pages = await store.write(lambda tx: tx.one("PRAGMA page_count"))
        assert pages is not None
        await store.write(lambda tx: tx.execute(f"PRAGMA max_page_count = {pages[0] + 2}").fetchone())
        with pytest.raises(InternalFailure) as refused:
            await store.write(lambda tx: tx.execute("INSERT INTO t VALUES (?)", ("x" * 100_000,)))
        assert "the disk is full" in (refused.value.why or "")
        await store.write(lambda tx: tx.execute("INSERT INTO t VALUES ('small')"))
        assert [row["a"] for row in store.all("SELECT a FROM t")] == ["small"]
    finally:
        await store.close()
