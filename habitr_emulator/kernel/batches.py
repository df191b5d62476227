"""Batches of writes: plain functions that share one SQLite transaction, each in a savepoint of its own."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar, cast

from habitr_emulator.kernel.errors import InternalFailure

T = TypeVar("T")
Row = sqlite3.Row
Parameters = Sequence[Any] | dict[str, Any]


class Transaction:
    """What a write function works with. Only valid while the function runs (in the writer's thread)."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._execute = partial(sqlite3.Connection.execute, connection)

    def execute(self, sql: str, parameters: Parameters = ()) -> sqlite3.Cursor:
        """Run one statement; the cursor gives rows, ``rowcount`` and ``lastrowid``."""
        return self._execute(sql, parameters)

    def executemany(self, sql: str, rows: Sequence[Parameters]) -> None:
        """Run one statement for many rows."""
        self._connection.executemany(sql, rows)

    def one(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """The first row, or None."""
        return cast("Row | None", self._execute(sql, parameters).fetchone())

    def all(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Every row."""
        return self._execute(sql, parameters).fetchall()


Operation = Callable[[Transaction], T]


class Pending:
    """One write that waits for its batch."""

    __slots__ = ("future", "long", "operation", "outcome")

    def __init__(self, operation: Operation[Any], future: "asyncio.Future[Any]", long: bool) -> None:
        self.operation = operation
        self.future = future
        self.long = long
        self.outcome: tuple[bool, Any] = (False, None)


def _run_batch(batch: list[Pending], connection: sqlite3.Connection) -> None:
    run = partial(sqlite3.Connection.execute, connection)
    transaction = Transaction(connection)
    run("BEGIN IMMEDIATE")
    try:
        if len(batch) == 1:  # alone, it is rolled back with its transaction
            batch[0].outcome = (True, batch[0].operation(transaction))
        else:
            for pending in batch:
                _run_among_others(pending, transaction, run)
        run("COMMIT")
    except BaseException:
        if connection.in_transaction:
            run("ROLLBACK")
        raise


def _run_among_others(pending: Pending, transaction: Transaction, run: Callable[[str], Any]) -> None:
    run("SAVEPOINT operation")
    try:
        pending.outcome = (True, pending.operation(transaction))
    except Exception as error:
        run("ROLLBACK TO operation")
        pending.outcome = (False, error)
    run("RELEASE operation")


def attempt(batch: list[Pending], connection: sqlite3.Connection) -> None:
    """Run a batch; what fails it as a whole (a full disk) is everyone's outcome."""
    try:
        _run_batch(batch, connection)
    except Exception as error:
        failure = _told(error)
        for pending in batch:
            pending.outcome = (False, failure)


def _told(error: Exception) -> Exception:
    """What callers hear of it: of a full disk in words that a person understands."""
    if isinstance(error, sqlite3.OperationalError) and "disk is full" in str(error):
        failure = InternalFailure(why="the disk is full: nothing was written, and what was there is kept")
        failure.__cause__ = error
        return failure
    return error


def attempt_and_checkpoint(batch: list[Pending], connection: sqlite3.Connection) -> None:
    """The same, then move what was committed from the log into the database, which waits for the disk."""
    if batch:
        attempt(batch, connection)
    with suppress(sqlite3.Error):  # a full disk; the next one may do better
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()


def resolve(batch: list[Pending]) -> None:
    """Tell every caller what came of its write."""
    for pending in batch:
        if pending.future.cancelled():
            continue
        done, value = pending.outcome
        if done:
            pending.future.set_result(value)
        else:
            pending.future.set_exception(value)
