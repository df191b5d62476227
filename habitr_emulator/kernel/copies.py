"""Database files that are copies of the whole state: made, looked at, taken."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

#: Raised when a database of this version cannot be read by the one before.
FORMAT = 1


class StoreDamaged(Exception):
    """The database file is none, or not one of this version."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} cannot be used: {reason}; delete its folder, or choose another")
        self.reason = reason


def copy_into(source: Path, connection: sqlite3.Connection) -> None:
    """Replace the content of a database by that of the file ``source``, in one step.

    Raises sqlite3.OperationalError if there is no such file, and nothing has changed then.
    """
    original = _read_only(source)
    try:
        original.backup(connection)
    finally:
        original.close()


def refuse_newer(path: Path, row: Sequence[Any] | None) -> None:
    """Raise StoreDamaged for a ``PRAGMA user_version`` that this version does not know."""
    if row is not None and row[0] > FORMAT:
        raise StoreDamaged(path, f"a newer habitr-emulator wrote it (format {row[0]}, this one knows {FORMAT})")


def inspect(path: Path) -> None:
    """Raise StoreDamaged unless ``path`` is a sound database of ours; a view has no business in it."""
    try:
        connection = _read_only(path)
        try:
            refuse_newer(path, connection.execute("PRAGMA user_version").fetchone())
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            kinds = {name for (name,) in connection.execute("SELECT type FROM sqlite_master")}
            (known,) = connection.execute(
                "SELECT count(*) FROM sqlite_master WHERE name = 'kernel_inbox'"
            ).fetchone()
        finally:
            connection.close()
    except sqlite3.DatabaseError as error:
        raise StoreDamaged(path, str(error)) from error
    if verdict != "ok" or not known or kinds - {"table", "index", "trigger"}:
        raise StoreDamaged(path, "it is not a database of habitr-emulator, or it is damaged")


def _read_only(path: Path) -> sqlite3.Connection:
    """A copy, opened without files beside it; SQLite would make an empty database of one that is missing."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _writable(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)


def drop_triggers(path: Path) -> None:
    """Remove the triggers of a copy from elsewhere: whatever they do, ours are made again when it is taken."""
    connection = _writable(path)
    try:
        found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in found:
            quoted = name.replace('"', '""')
            connection.execute(f'DROP TRIGGER "{quoted}"')
        connection.commit()
    finally:
        connection.close()


def empty_tables(path: Path, tables: Sequence[str]) -> None:
    """Remove every row of some tables from a copy, without a trace in the file."""
    connection = _writable(path)
    try:
        connection.execute("PRAGMA secure_delete=ON")
        for table in tables:
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names from the code
        connection.commit()
    finally:
        connection.close()
