"""The one SQLite file: a single writer with group commit, and inline reads.

A write is a plain function of a ``Transaction``. Functions that arrive while a batch commits form the next
batch: one ``BEGIN IMMEDIATE``, every function in a savepoint of its own, one ``COMMIT``. The caller's
``await`` returns only after COMMIT, so an answer that says done survives ``kill -9``; a function that raises
is rolled back alone and its exception reaches its caller only.

Reads run inline on a read-only connection: a point read costs 5 microseconds, a hop to a thread 120. They see
everything that was committed before. Keep them to a page; long scans belong into ``scan``.
"""

import asyncio
import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar, cast

import aiosqlite

T = TypeVar("T")
Row = sqlite3.Row
Parameters = Sequence[Any] | dict[str, Any]
_PREFIX = "habitr-emulator-"
_YOUNG_SECONDS = 60.0


class Transaction:
    """What a write function works with. Only valid while the function runs (in the writer's thread)."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def execute(self, sql: str, parameters: Parameters = ()) -> sqlite3.Cursor:
        """Run one statement; the cursor gives rows, ``rowcount`` and ``lastrowid``."""
        return self._connection.execute(sql, parameters)

    def executemany(self, sql: str, rows: Sequence[Parameters]) -> None:
        """Run one statement for many rows."""
        self._connection.executemany(sql, rows)

    def one(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """The first row, or None."""
        return cast("Row | None", self.execute(sql, parameters).fetchone())

    def all(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Every row."""
        return self.execute(sql, parameters).fetchall()


Operation = Callable[[Transaction], T]


class StoreDamaged(Exception):
    """The database file is none, or not one of this version."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} cannot be used: {reason}; delete its folder, or choose another")


class _Pending:
    """One write that waits for its batch."""

    __slots__ = ("future", "operation", "outcome")

    def __init__(self, operation: Operation[Any], future: "asyncio.Future[Any]") -> None:
        self.operation = operation
        self.future = future
        self.outcome: tuple[bool, Any] = (False, None)


class _Connection(sqlite3.Connection):
    """A connection whose ``execute`` also takes a function, so that one hop to the thread runs a whole batch."""

    def execute(self, sql: Any, parameters: Any = (), /) -> sqlite3.Cursor:
        """Run a statement, or call ``sql`` with this connection in the connection's own thread."""
        if isinstance(sql, str):
            return super().execute(sql, parameters)
        sql(self)
        return self.cursor()


def _run_batch(batch: list[_Pending], connection: sqlite3.Connection) -> None:
    run = connection.execute
    transaction = Transaction(connection)
    run("BEGIN IMMEDIATE")
    try:
        for pending in batch:
            run("SAVEPOINT operation")
            try:
                pending.outcome = (True, pending.operation(transaction))
            except Exception as error:
                run("ROLLBACK TO operation")
                pending.outcome = (False, error)
            run("RELEASE operation")
        run("COMMIT")
    except BaseException:
        if connection.in_transaction:
            run("ROLLBACK")
        raise


class Store:
    """The database of one emulator and the folder beside it for S3 bodies.

    ``folder`` None means *in memory*: a folder of its own on a memory file system where there is one, removed
    on close. ``durable`` syncs every commit to disk (it then survives a power cut, not only ``kill -9``).
    """

    def __init__(self, folder: Path | None, *, durable: bool = False) -> None:
        self._temporary = folder is None
        self.durable = durable
        self._lock: int | None = None
        if folder is None:
            folder, self._lock = _memory_folder()
        self.folder = folder
        self._pending: list[_Pending] = []
        self._drain: asyncio.Task[None] | None = None
        self._writer: aiosqlite.Connection | None = None
        self._reader: sqlite3.Connection | None = None

    @property
    def path(self) -> Path:
        """The database file."""
        return self.folder / "state.db"

    async def open(self, schemas: Sequence[str]) -> None:
        """Open both connections and apply the services' ``schema.sql`` texts (``CREATE … IF NOT EXISTS``).

        Raises StoreDamaged, and OSError for a folder that cannot be used.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            await self._open(schemas)
        except sqlite3.DatabaseError as error:
            raise StoreDamaged(self.path, str(error)) from error

    async def _open(self, schemas: Sequence[str]) -> None:
        self._writer = await aiosqlite.connect(
            self.path, isolation_level=None, factory=_Connection, cached_statements=512
        )
        self._writer.row_factory = sqlite3.Row
        synchronous = "OFF" if self._temporary else ("FULL" if self.durable else "NORMAL")
        await self._writer.executescript(
            f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA foreign_keys=ON;"
            "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;" + "\n".join(schemas)
        )
        self._reader = self._open_reader()

    def _open_reader(self) -> sqlite3.Connection:
        reader = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=ro",
            uri=True,
            isolation_level=None,
            cached_statements=1024,
            check_same_thread=False,
        )
        reader.row_factory = sqlite3.Row
        reader.execute("PRAGMA query_only=1")
        return reader

    async def close(self) -> None:
        """Finish what was begun, close both connections, and remove a temporary folder."""
        if self._drain is not None:
            await self._drain
        if self._reader is not None:
            self._reader.close()
        if self._writer is not None:
            await self._writer.close()
        if self._temporary:
            shutil.rmtree(self.folder, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    async def write(self, operation: Operation[T]) -> T:
        """Run ``operation`` in the next batch; return its result after COMMIT, or raise what it raised."""
        pending = _Pending(operation, asyncio.get_running_loop().create_future())
        self._pending.append(pending)
        if self._drain is None:
            self._drain = asyncio.create_task(self._run_batches())
        return cast("T", await pending.future)

    async def _run_batches(self) -> None:
        assert self._writer is not None
        try:
            while self._pending:
                batch, self._pending = self._pending, []
                try:
                    await self._writer.execute(cast("Any", partial(_run_batch, batch)))
                except Exception as error:
                    for pending in batch:
                        pending.outcome = (False, error)
                _resolve(batch)
        finally:
            self._drain = None

    def all(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Every row of a bounded query, inline."""
        assert self._reader is not None
        return self._reader.execute(sql, parameters).fetchall()

    def one(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """The first row of a query, inline."""
        assert self._reader is not None
        return cast("Row | None", self._reader.execute(sql, parameters).fetchone())

    def rows(self, sql: str, parameters: Parameters = ()) -> Iterator[Row]:
        """Rows one by one, inline, for a caller that stops early (a page of a query)."""
        assert self._reader is not None
        return self._reader.execute(sql, parameters)

    async def backup(self, target: Path) -> None:
        """Copy the whole database to ``target``: aside first, then renamed."""
        assert self._writer is not None
        aside = target.with_suffix(".partial")
        with suppress(FileNotFoundError):
            aside.unlink()
        copy = sqlite3.connect(aside, check_same_thread=False)
        try:
            await self._writer.backup(copy)
        finally:
            copy.close()
        aside.replace(target)

    async def restore(self, source: Path) -> None:
        """Replace the whole content by that of ``source`` in one step; readers see either all or nothing."""
        assert self._writer is not None
        if self._drain is not None:
            await self._drain
        await self._writer.execute(cast("Any", partial(_copy_into, source)))


def _copy_into(source: Path, connection: sqlite3.Connection) -> None:
    original = sqlite3.connect(source)
    try:
        original.backup(connection)
    finally:
        original.close()


def _resolve(batch: list[_Pending]) -> None:
    for pending in batch:
        if pending.future.cancelled():
            continue
        done, value = pending.outcome
        if done:
            pending.future.set_result(value)
        else:
            pending.future.set_exception(value)


def _memory_folder() -> tuple[Path, int]:
    """A private folder on a memory file system, and its lock, which tells that its owner lives.

    What owners left behind that were killed is swept: it is nobody's, and it takes memory.
    """
    shared = Path("/dev/shm")  # noqa: S108 - a memory file system; mkdtemp makes a private folder in it
    made = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=shared if shared.is_dir() else None))
    lock = os.open(made, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    settled = made.stat().st_mtime - _YOUNG_SECONDS  # a younger one may not be locked yet
    for other in made.parent.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if other.stat().st_mtime < settled:
                _sweep(other)
    return made, lock


def _sweep(folder: Path) -> None:
    """Remove a folder whose owner is gone; raises OSError if it is not."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(descriptor)
