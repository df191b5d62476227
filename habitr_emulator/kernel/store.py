"""The one SQLite file: a single writer with group commit, and inline reads.

A write is a plain function of a ``Transaction``. Functions that arrive in the same turn of the event loop, or
while a batch commits, form a batch: one ``BEGIN IMMEDIATE``, every function in a savepoint of its own, one
``COMMIT``. The caller's ``await`` returns only after COMMIT, so an answer that says done survives ``kill -9``; a
function that raises is rolled back alone and its exception reaches its caller only.

There is one connection that writes, aiosqlite's. A commit that waits for no disk takes 20 microseconds, the way
to aiosqlite's thread and back over 100; so a batch runs on the event loop while the thread is idle, and in the
thread if it is ``long`` or commits are ``durable``. Checkpoints, which wait for the disk, are the thread's.

Reads run inline on a read-only connection: a point read costs 5 microseconds, a hop to a thread 120. They see
everything that was committed before. Keep them short: longer ones are read in slices, with a turn for others
between.
"""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, cast

import aiosqlite

from habitr_emulator.kernel.batches import (
    Operation,
    Parameters,
    Pending,
    Row,
    T,
    Transaction,
    attempt,
    attempt_and_checkpoint,
    resolve,
)
from habitr_emulator.kernel.copies import FORMAT, StoreDamaged, copy_into, refuse_newer
from habitr_emulator.kernel.memory_folder import memory_folder

__all__ = ["Operation", "Parameters", "Row", "Store", "StoreDamaged", "Transaction"]

_MOST_INLINE = 64
#: The log is moved into the database after so many writes, or when it is found to be so long.
_MOST_LOGGED = 1000
_LONGEST_LOG = 16 << 20
_KEPT_LOG = 4 << 20
_LOOK_EVERY = 32


class _Connection(sqlite3.Connection):
    """A connection whose ``execute`` also takes a function, so that one hop to the thread runs a whole batch."""

    def execute(self, sql: Any, parameters: Any = (), /) -> sqlite3.Cursor:
        """Run a statement, or call ``sql`` with this connection in the connection's own thread."""
        if isinstance(sql, str):
            return super().execute(sql, parameters)
        sql(self)
        return self.cursor()


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
            folder, self._lock = memory_folder()
        self.folder = folder
        self._pending: list[Pending] = []
        self._scheduled = False
        self._logged = 0
        self._look_at = 0
        self._in_thread = asyncio.Lock()
        self._threaded: set[asyncio.Task[None]] = set()
        self._writer: aiosqlite.Connection | None = None
        self._inline: sqlite3.Connection | None = None
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
            self.path,
            isolation_level=None,
            factory=_Connection,
            cached_statements=512,
            check_same_thread=False,
        )
        self._writer.row_factory = sqlite3.Row
        self._schemas = "\n".join(schemas)
        refuse_newer(self.path, await (await self._writer.execute("PRAGMA user_version")).fetchone())
        synchronous = "OFF" if self._temporary else ("FULL" if self.durable else "NORMAL")
        await self._writer.executescript(
            f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA foreign_keys=ON;"
            f"PRAGMA wal_autocheckpoint={1000 if self.durable else 0}; PRAGMA journal_size_limit={_KEPT_LOG};"
            f"PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000; PRAGMA user_version={FORMAT};" + self._schemas
        )
        await self._writer.execute(cast("Any", self._keep))
        self._reader = self._open_reader()

    def _keep(self, connection: sqlite3.Connection) -> None:
        self._inline = connection

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
        while self._pending or self._in_thread.locked():
            await self._commit_in_thread()
        self._inline = None
        if self._reader is not None:
            self._reader.close()
        if self._writer is not None:
            await self._writer.close()
        if self._temporary:
            shutil.rmtree(self.folder, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    async def write(self, operation: Operation[T], *, long: bool = False) -> T:
        """Run ``operation`` in the next batch; return its result after COMMIT, or raise what it raised.

        ``long`` is for more than some dozens of rows: it keeps the operation off the event loop.
        """
        loop = asyncio.get_running_loop()
        pending = Pending(operation, loop.create_future(), long)
        self._pending.append(pending)
        if not self._scheduled:
            self._schedule(loop)
        return cast("T", await pending.future)

    def _schedule(self, loop: asyncio.AbstractEventLoop) -> None:
        self._scheduled = True
        loop.call_soon(self._commit)

    def _commit(self) -> None:
        """Commit what has gathered since this was scheduled; while the thread is at work, it goes on itself."""
        self._scheduled = False
        if not self._pending or self._in_thread.locked() or self._inline is None:
            return
        if self.durable or self._log_is_long() or any(pending.long for pending in self._pending[:_MOST_INLINE]):
            task = asyncio.create_task(self._commit_in_thread())
            self._threaded.add(task)
            task.add_done_callback(self._threaded.discard)
            return
        batch, self._pending = self._pending[:_MOST_INLINE], self._pending[_MOST_INLINE:]
        self._logged += len(batch)
        attempt(batch, self._inline)
        resolve(batch)
        self._go_on()

    def _log_is_long(self) -> bool:
        if self._logged < self._look_at:
            return False
        self._look_at = self._logged + _LOOK_EVERY
        return self._logged > _MOST_LOGGED or os.stat(f"{self.path}-wal").st_size > _LONGEST_LOG

    def _go_on(self) -> None:
        if self._pending and not self._scheduled:
            self._schedule(asyncio.get_running_loop())

    async def _commit_in_thread(self) -> None:
        assert self._writer is not None
        async with self._in_thread:
            batch, self._pending = self._pending, []
            self._logged = self._look_at = 0
            run = attempt if self.durable else attempt_and_checkpoint
            await self._writer.execute(cast("Any", partial(run, batch)))
            resolve(batch)
        self._go_on()

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

    def moment(self, read: Callable[[Callable[[str, Parameters], Row | None]], T]) -> T:
        """What ``read`` finds with a function like ``one`` that sees the database as it is at one moment."""
        assert self._reader is not None
        self._reader.execute("BEGIN")
        try:
            return read(self.one)
        finally:
            self._reader.execute("COMMIT")

    async def backup(self, target: Path) -> None:
        """Copy the whole database to ``target``: aside first, then renamed."""
        assert self._writer is not None
        aside = target.with_suffix(".partial")
        with suppress(FileNotFoundError):
            aside.unlink()
        copy = sqlite3.connect(aside, check_same_thread=False)
        try:
            async with self._in_thread:
                await self._writer.backup(copy)
        finally:
            copy.close()
            self._go_on()
        aside.replace(target)

    async def restore(self, source: Path, *, foreign: bool = False) -> None:
        """Replace the whole content by that of ``source`` in one step; readers see either all or nothing.

        A ``foreign`` source may be of an earlier version: tables that it lacks are made.
        Raises sqlite3.OperationalError for a source that is missing.
        """
        assert self._writer is not None
        try:
            async with self._in_thread:
                await self._writer.execute(cast("Any", partial(copy_into, source)))
                if foreign:
                    await self._writer.executescript(f"PRAGMA user_version={FORMAT};" + self._schemas)
        finally:
            self._go_on()
