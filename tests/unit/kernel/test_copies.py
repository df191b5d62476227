"""Copies of a database that come from elsewhere are looked at before they are taken."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from habitr_emulator.kernel.copies import FORMAT, StoreDamaged, drop_triggers, empty_tables, inspect
from habitr_emulator.kernel.store import Store
from tests.conftest import schemas


@pytest.fixture
async def copy(tmp_path: Path) -> Path:
    store = Store(None)
    await store.open(schemas())
    await store.write(
        lambda tx: tx.execute("INSERT INTO kernel_secrets VALUES ('k', 'a-secret-of-mine')").rowcount
    )
    target = tmp_path / "copy.db"
    await store.backup(target)
    await store.close()
    return target


def change(path: Path, sql: str) -> None:
    database = sqlite3.connect(path)
    database.execute(sql)
    database.commit()
    database.close()


async def test_a_copy_of_ours_is_sound(copy: Path) -> None:
    inspect(copy)


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        (f"PRAGMA user_version={FORMAT + 1}", "a newer habitr-emulator wrote it"),
        ("CREATE VIEW v AS SELECT 1", "not a database of habitr-emulator"),
        ("DROP TABLE kernel_inbox", "not a database of habitr-emulator"),
    ],
)
async def test_another_one_is_refused(copy: Path, sql: str, why: str) -> None:
    change(copy, sql)
    with pytest.raises(StoreDamaged, match=why):
        inspect(copy)


async def test_a_file_that_is_cut_off_is_refused(copy: Path) -> None:
    copy.write_bytes(copy.read_bytes()[:10_000])
    with pytest.raises(StoreDamaged):
        inspect(copy)
    copy.write_bytes(b"something else")
    with pytest.raises(StoreDamaged):
        inspect(copy)


async def test_triggers_from_elsewhere_do_not_come_along(copy: Path) -> None:
    change(copy, 'CREATE TRIGGER "a""b" AFTER INSERT ON kernel_inbox BEGIN DELETE FROM kernel_secrets; END')
    inspect(copy)
    drop_triggers(copy)
    database = sqlite3.connect(copy)
    assert database.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'").fetchone() == (0,)
    database.close()


async def test_emptied_tables_leave_no_trace(copy: Path) -> None:
    assert b"a-secret-of-mine" in copy.read_bytes()
    empty_tables(copy, ["kernel_secrets"])
    assert b"a-secret-of-mine" not in copy.read_bytes()


async def test_taking_an_older_copy_makes_what_it_lacks(copy: Path) -> None:
    change(copy, "DROP TABLE kernel_seeded")
    store = Store(None)
    await store.open(schemas())
    await store.restore(copy, foreign=True)
    assert store.all("SELECT * FROM kernel_seeded") == []
    assert store.one("SELECT value FROM kernel_secrets")
    await store.close()


async def test_a_copy_that_is_missing_changes_nothing(tmp_path: Path) -> None:
    store, missing = Store(None), tmp_path / "missing.db"
    await store.open(["CREATE TABLE t (name TEXT)"])
    await store.write(lambda tx: tx.execute("INSERT INTO t VALUES ('kept')").rowcount)
    for foreign in (False, True):
        with pytest.raises(sqlite3.OperationalError):
            await store.restore(missing, foreign=foreign)
    for change_it in (drop_triggers, lambda path: empty_tables(path, ["t"])):
        with pytest.raises(sqlite3.OperationalError):
            change_it(missing)
    assert [row["name"] for row in store.all("SELECT name FROM t")] == ["kept"]
    assert list(tmp_path.iterdir()) == []
    await store.close()


async def test_a_write_that_waits_for_a_copy_that_is_missing_is_done(tmp_path: Path) -> None:
    store = Store(None)
    await store.open(["CREATE TABLE t (name TEXT)"])
    restoring = asyncio.ensure_future(store.restore(tmp_path / "missing.db"))
    writing = asyncio.ensure_future(store.write(lambda tx: tx.execute("INSERT INTO t VALUES ('a')").rowcount))
    with pytest.raises(sqlite3.OperationalError):
        await restoring
    assert await asyncio.wait_for(writing, 20) == 1
    await store.close()


async def test_taking_a_copy_leaves_nothing_beside_it(copy: Path) -> None:
    store = Store(None)
    await store.open(schemas())
    await store.restore(copy)
    assert list(copy.parent.iterdir()) == [copy]
    await store.close()
