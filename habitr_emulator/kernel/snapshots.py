"""Copies of the whole state: the database by SQLite's backup, the S3 bodies by hard link.

Bodies are immutable files with opaque names, so a copy of the state needs only links to them, and going back
needs no copying: missing bodies are linked in first, then the database is replaced in one step. Bodies that
the restored database does not know are swept by S3 as any orphan is.
"""

import asyncio
import os
import shutil
from pathlib import Path

from habitr_emulator.kernel.store import Store

OBJECTS = "objects"
DATABASE = "state.db"


class Snapshots:
    """Named copies of one store's state, kept under ``<folder>/snapshots/<name>``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._folder = store.folder / "snapshots"

    def names(self) -> list[str]:
        """Every copy's name."""
        return sorted(
            path.parent.name for path in self._folder.glob(f"*/{DATABASE}") if "." not in path.parent.name
        )

    def folder(self, name: str) -> Path:
        """Where the copy of that name is kept: its database and its bodies."""
        return self._folder / name

    def exists(self, name: str) -> bool:
        """Whether there is a copy of that name."""
        return (self._folder / name / DATABASE).exists()

    async def save(self, name: str) -> None:
        """Copy the present state; a copy of that name is replaced in one step."""
        aside, final = self._folder / f"{name}.partial", self._folder / name
        await self.copy(aside)
        await asyncio.to_thread(_replace, aside, final)

    async def copy(self, target: Path) -> None:
        """Copy the present state into a folder, which is made anew."""
        await asyncio.to_thread(_fresh, target)
        await asyncio.to_thread(link_tree, self._store.folder / OBJECTS, target / OBJECTS)
        await self._store.backup(target / DATABASE)
        await asyncio.to_thread(link_tree, self._store.folder / OBJECTS, target / OBJECTS)

    async def load(self, name: str) -> None:
        """Make the copy the present state."""
        await self.adopt(self._folder / name)

    async def adopt(self, source: Path, *, foreign: bool = False) -> None:
        """Make a folder's database and bodies the present state; ``foreign`` ones may be of an earlier version.

        Bodies are linked again at the end: a sweep may have run meanwhile.
        """
        await asyncio.to_thread(link_tree, source / OBJECTS, self._store.folder / OBJECTS)
        await self._store.restore(source / DATABASE, foreign=foreign)
        await asyncio.to_thread(link_tree, source / OBJECTS, self._store.folder / OBJECTS)


def recover(data: Path) -> None:
    """Finish or undo what a kill cut off in a data folder: a copy is as it was saved before, or as saved last."""
    for old in (data / "snapshots").glob("*.old"):
        final = old.with_suffix("")
        if not final.exists():
            old.replace(final)
    for pattern in ("*.old", "*.partial"):
        for left in (data / "snapshots").glob(pattern):
            shutil.rmtree(left, ignore_errors=True)


def _fresh(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _replace(aside: Path, final: Path) -> None:
    """Two renames; ``recover`` takes the first back if the second never came."""
    old = final.with_suffix(".old")
    shutil.rmtree(old, ignore_errors=True)
    if final.exists():
        final.replace(old)
    aside.replace(final)
    shutil.rmtree(old, ignore_errors=True)


def link_tree(source: Path, target: Path) -> None:
    """Make every file below ``source`` also one below ``target``: linked, or copied to another file system."""
    if not source.is_dir():
        return
    for folder, _, names in os.walk(source):
        into = target / Path(folder).relative_to(source)
        into.mkdir(parents=True, exist_ok=True)
        for name in names:
            _link(Path(folder) / name, into / name)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except (FileExistsError, FileNotFoundError):
        return
    except OSError:
        shutil.copy2(source, target)
