"""``up --watch``: the project's files change, and the running emulator takes them over without losing data.

What is new is read, transformed and compiled aside first; a schema that is refused changes nothing. A table whose
primary key changes cannot keep its items: as with ``amplify push``, that has to be allowed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from habitr_emulator.amplify.backend import Backend
from habitr_emulator.amplify.notes import Note
from habitr_emulator.kernel.errors import AwsError, ProjectError
from habitr_emulator.services.context import Account, Caller, Context
from habitr_emulator.services.dynamodb.spec import Table

#: Seconds between two looks at the project's files, and how long they must then have been still.
EVERY = 0.4
#: Of a project, so many files are looked at.
MOST_FILES = 20_000
_READ = (".graphql", ".json", ".vtl", ".js", ".ts")
_LEFT_OUT = frozenset({"node_modules", "#current-cloud-backend", "build", "dist", "__pycache__", ".git"})
_AMPLIFY = Caller("service", arn="amplify.amazonaws.com")

Tell = Callable[[str], None]
#: Whether to go on with what was explained.
Ask = Callable[[str], Awaitable[bool]]
Stamps = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Replacement:
    """A table whose primary key changes, with what is lost."""

    table: Table
    was: str
    becomes: str
    items: int

    def __str__(self) -> str:
        lost = f"its {self.items} items would be lost" if self.items != 1 else "its one item would be lost"
        return f"the primary key of {self.table.table_name} changes from {self.was} to {self.becomes}: {lost}"


class Running(Protocol):
    """An emulator that runs a project."""

    account: Account
    backend: Backend
    notes: list[Note]

    def read_project(self) -> Backend:
        """The project as its files are now. Raises ProjectError."""
        ...

    async def take_over(self, backend: Backend) -> None:
        """Go on with another backend."""
        ...


async def watch(emulator: Running, folder: Path, tell: Tell, ask: Ask) -> None:
    """Reload whenever the files in the project's ``folder`` have changed and come to rest; runs until it is
    cancelled.
    """
    known = await asyncio.to_thread(stamps, folder)
    while True:
        await asyncio.sleep(EVERY)
        found = await asyncio.to_thread(stamps, folder)
        if found == known:
            continue
        found = await _at_rest(folder, found)
        changed, known = _changed(known, found), found
        try:
            notes = await reload(emulator, ask)
        except (ProjectError, AwsError) as error:
            tell(f"Not reloaded, what ran goes on: {error}")
        except OSError as error:
            tell(f"Not reloaded, what ran goes on: {error.filename or folder}: {error.strerror or error}")
        else:
            tell(f"Reloaded: {', '.join(changed)}")
            for note in notes:
                tell(f"  {note}")


async def _at_rest(folder: Path, found: Stamps) -> Stamps:
    """The files once nobody is writing them any more."""
    while True:
        await asyncio.sleep(EVERY / 2)
        again = await asyncio.to_thread(stamps, folder)
        if again == found:
            return again
        found = again


def stamps(folder: Path) -> Stamps:
    """Size and time of every file that a reload reads, by its path below ``folder``."""
    found: Stamps = {}
    for path in _files(folder):
        try:
            state = path.stat()
        except OSError:
            continue
        found[str(path.relative_to(folder))] = state.st_size, state.st_mtime_ns
        if len(found) >= MOST_FILES:
            break
    return found


def _files(folder: Path) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    for entry in entries:
        if entry.is_dir():
            if entry.name not in _LEFT_OUT:
                yield from _files(entry)
        elif entry.suffix in _READ:
            yield entry


def _changed(old: Stamps, new: Stamps) -> list[str]:
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


async def reload(emulator: Running, ask: Ask) -> list[str]:
    """Take over what has changed in the project; returns what is worth telling. Raises ProjectError with the file,
    the line and the column of what is refused; then nothing has changed.
    """
    backend = await asyncio.to_thread(_read, emulator)
    context = emulator.account.context(_AMPLIFY)
    told = [*_removed(emulator.backend, backend), *await _new_indexes(context, backend)]
    replaced = [found for table in backend.tables if (found := await _replacement(context, table))]
    for found in replaced:
        if found.items and not await ask(str(found)):
            raise ProjectError(
                f"{found}; take the change back, delete the table, or allow it with "
                "--allow-destructive-graphql-schema-updates"
            )
    for found in replaced:
        await context.services.dynamodb.delete_table({"TableName": found.table.table_name})
        told.append(f"{found.table.table_name} was made anew, with the key {found.becomes}")
    await emulator.take_over(backend)
    return [*told, *map(str, emulator.notes)]


def _read(emulator: Running) -> Backend:
    """The project as it is now, with everything that could be refused worked out."""
    from habitr_emulator.services.appsync.apis import compiled

    backend = emulator.read_project()
    lost = {each.api_id for each in emulator.backend.api_sources} - {each.api_id for each in backend.api_sources}
    if lost:
        raise ProjectError("; ".join(map(str, backend.notes)) or "the project has no GraphQL API any more")
    _ = backend.tables
    for source, api in zip(backend.api_sources, backend.graphql_apis, strict=True):
        try:
            compiled(api)
        except AwsError as error:
            raise ProjectError(f"{error.why or error.message}", file=source.schemas[0][0]) from error
    return backend


async def _replacement(context: Context, wanted: Table) -> Replacement | None:
    described = await _described(context, wanted.table_name)
    if described is None:
        return None
    was, becomes = _key(described), _key(wanted.settings)
    if was == becomes:
        return None
    return Replacement(wanted, was, becomes, described["ItemCount"])


async def _described(context: Context, table_name: str) -> dict[str, Any] | None:
    try:
        described: dict[str, Any] = await context.services.dynamodb.describe_table({"TableName": table_name})
    except AwsError:
        return None
    found: dict[str, Any] = described["Table"]
    return found


def _key(settings: Any) -> str:
    """``org (S), at (N)``."""
    kinds = {item["AttributeName"]: item["AttributeType"] for item in settings["AttributeDefinitions"]}
    names = [item["AttributeName"] for item in settings["KeySchema"]]
    return ", ".join(f"{name} ({kinds[name]})" for name in names)


async def _new_indexes(context: Context, backend: Backend) -> list[str]:
    """Which indexes are about to be filled from the items that there are."""
    told = []
    for table in backend.tables:
        described = await _described(context, table.table_name)
        if described is None or not described["ItemCount"]:
            continue
        known = _indexes(described)
        told += [
            f"index {name} of {table.table_name} is filled from its {described['ItemCount']} items"
            for name in _indexes(dict(table.settings))
            if name not in known
        ]
    return told


def _indexes(settings: dict[str, Any]) -> list[str]:
    members = ("LocalSecondaryIndexes", "GlobalSecondaryIndexes")
    return [index["IndexName"] for member in members for index in settings.get(member) or ()]


def _removed(old: Backend, new: Backend) -> list[str]:
    """Tables that the project no longer names stay, with their items."""
    gone = {table.table_name for table in old.tables} - {table.table_name for table in new.tables}
    return [f"{name} is no longer described; it stays until it is deleted or reset" for name in sorted(gone)]
