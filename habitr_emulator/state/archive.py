"""Export and import: a tar archive of the exact database and bodies, and of the same content in readable files.

habitr.json        format, version, project, region, account
state.db objects/  the exact state; an import needs nothing else
readable/          users, rows, objects and mail as JSON; an import ignores it
"""

import asyncio
import json
import re
import shutil
import tarfile
import weakref
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO, Any

from habitr_emulator.kernel.copies import StoreDamaged, drop_triggers, inspect
from habitr_emulator.kernel.snapshots import DATABASE, OBJECTS
from habitr_emulator.services.context import Context
from habitr_emulator.state import readable
from habitr_emulator.state.state import State, StateError

#: Raised when an archive of this version cannot be read by the one before.
FORMAT = 1
MANIFEST = "habitr.json"
LARGEST = 4 << 30
PIECE = 1 << 20
_MEMBER = re.compile(rf"{MANIFEST}|{DATABASE}|{OBJECTS}/[0-9A-Za-z_-]{{1,8}}/[0-9A-Za-z_-]{{1,80}}", re.ASCII)


async def export(
    state: State, ctx: Context, about: dict[str, Any], data: Path
) -> tuple[int, AsyncIterator[bytes]]:
    """The archive's size and its bytes; ``data`` is where it is made, and where nothing of it stays."""
    folder = data / f"export-{ctx.ids.uuid()}"
    folder.mkdir(parents=True)
    try:
        await state.copy(folder / "exact")
        await readable.write(ctx, folder / "readable")
        manifest = {"format": FORMAT, **about, "exported_at": ctx.clock.iso()}
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")
        await asyncio.to_thread(_pack, folder)
        size, pieces = (folder / "archive.tar").stat().st_size, _Pieces((folder / "archive.tar").open("rb"))
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, True)
    return size, pieces


async def take(
    state: State, ctx: Context, pieces: AsyncIterator[bytes], about: dict[str, Any], data: Path
) -> None:
    """Make an archive's state the present one, in one step. Raises StateError, and nothing has changed then."""
    folder = data / f"import-{ctx.ids.uuid()}"
    folder.mkdir(parents=True)
    try:
        await _receive(pieces, folder / "archive.tar")
        await asyncio.to_thread(_unpack, folder)
        _check(folder, about)
        await state.adopt(folder)
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, True)


def _pack(folder: Path) -> None:
    with tarfile.open(folder / "archive.tar", "w") as archive:
        archive.add(folder / MANIFEST, MANIFEST)
        archive.add(folder / "exact" / DATABASE, DATABASE)
        for path in sorted((folder / "exact" / OBJECTS).glob("*/*")):
            archive.add(path, f"{OBJECTS}/{path.parent.name}/{path.name}")
        archive.add(folder / "readable", "readable")


class _Pieces:
    """The bytes of a file that has no name any more: it is gone when it was read, or when nobody will read it.

    No generator: one that is never begun (the client has left) never comes to its ``finally``.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        weakref.finalize(self, file.close)

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if piece := await asyncio.to_thread(self._file.read, PIECE):
            return piece
        self._file.close()
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Nobody will read on."""
        self._file.close()


async def _receive(pieces: AsyncIterator[bytes], path: Path) -> None:
    size = 0
    with path.open("wb") as file:
        async for piece in pieces:
            size += len(piece)
            if size > LARGEST:
                raise StateError(f"an archive has at most {LARGEST >> 30} GB")
            await asyncio.to_thread(file.write, piece)


def _unpack(folder: Path) -> None:
    """Take the regular files out that an import needs, by the names that they must have."""
    size = 0
    try:
        with tarfile.open(folder / "archive.tar") as archive:
            for member in archive:
                if not member.isfile() or not _MEMBER.fullmatch(member.name):
                    continue
                size += member.size
                if size > LARGEST:
                    raise StateError(f"an archive has at most {LARGEST >> 30} GB")
                archive.extract(member, folder, filter="data")
    except (tarfile.TarError, EOFError, OSError) as error:
        raise StateError(f"the archive cannot be read: {error}") from None


def _way(name: str, theirs: object) -> str:
    if name == "project":
        return f"start {theirs}, or write this project's name into the export's {MANIFEST} if they are one"
    return f"start with HABITR_{name.upper()}={theirs}"


def _check(folder: Path, about: dict[str, Any]) -> None:
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        found = int(manifest["format"])
    except (OSError, ValueError, KeyError, TypeError):
        raise StateError(
            f"this is no export of habitr-emulator: it has no {MANIFEST} that says its format"
        ) from None
    if found > FORMAT:
        wrote = manifest.get("version", "of a newer version")
        raise StateError(
            f"the export has format {found}, this version knows {FORMAT}: habitr-emulator {wrote} wrote it; "
            "update habitr-emulator to import it"
        )
    for name in ("project", "region", "account_id"):
        if manifest.get(name) != about[name]:
            theirs, what = manifest.get(name), name.removesuffix("_id")
            raise StateError(
                f"the export is of another {what}: {theirs}, here it is {about[name]}; {_way(name, theirs)}"
            )
    try:
        inspect(folder / DATABASE)
        drop_triggers(folder / DATABASE)
    except StoreDamaged as damaged:
        raise StateError(f"the export's {DATABASE} cannot be used: {damaged.reason}") from None
