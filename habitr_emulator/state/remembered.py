"""Seeded states, kept by content: a new folder then begins seeded, without a seed being played.

The key is everything that such a state comes of: the emulator's own code, the project's files, the seeds and the
settings that are written into rows. What is secret (signing keys, sealing keys) is left out and made anew by each
emulator. The files are in the user's cache folder; losing them costs a second.
"""

import asyncio
import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from habitr_emulator import __version__
from habitr_emulator.kernel.copies import empty_tables
from habitr_emulator.kernel.snapshots import DATABASE, OBJECTS, Snapshots, link_tree
from habitr_emulator.settings import Settings
from habitr_emulator.state.state import EMPTY, STARTED

KEPT = 8
PACKAGE = Path(__file__).parent.parent
_SECRET_TABLES = ("kernel_secrets", "cognito_idp_signing_keys")
_SKIPPED = {"node_modules", "__pycache__", ".git", ".venv", "#current-cloud-backend"}


def folder() -> Path:
    """``$XDG_CACHE_HOME/habitr-emulator/seeded``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "habitr-emulator" / "seeded"


def fingerprint(settings: Settings, project: Path, seeds: Sequence[Path]) -> str:
    """Changes with everything that a seeded state depends on."""
    digest = hashlib.sha256(__version__.encode())
    for value in (settings.region, settings.account_id, settings.environment, settings.issuer, project.resolve()):
        digest.update(f"{value}\0".encode())
    for path in seeds:
        digest.update(path.read_bytes())
    _stamp(digest, PACKAGE, (".py", ".sql"))
    _stamp(digest, project / "amplify", ())
    return digest.hexdigest()[:24]


def recall(key: str, data: Path) -> bool:
    """Put a kept state into a data folder that has none; whether there was one."""
    try:
        kept = folder() / key
    except RuntimeError:  # nobody's home
        return False
    with suppress(OSError):  # the least used go first; a cache that is only read keeps its times
        os.utime(kept)
    try:
        for name in (EMPTY, STARTED):
            (data / "snapshots" / name).mkdir(parents=True, exist_ok=True)
            shutil.copyfile(kept / name / DATABASE, data / "snapshots" / name / DATABASE)
        source = kept / STARTED
        link_tree(source / OBJECTS, data / "snapshots" / STARTED / OBJECTS)
        link_tree(data / "snapshots" / STARTED / OBJECTS, data / OBJECTS)
        aside = data / f"{DATABASE}.partial"
        shutil.copyfile(source / DATABASE, aside)
        aside.replace(data / DATABASE)
    except OSError:
        shutil.rmtree(data / "snapshots", ignore_errors=True)
        return False
    return True


async def remember(key: str, snapshots: Snapshots) -> None:
    """Keep the state that the start made; oldest ones go. What cannot be written is not kept."""
    with suppress(OSError, RuntimeError):
        await asyncio.to_thread(_keep, key, snapshots)


def _keep(key: str, snapshots: Snapshots) -> None:
    final = folder() / key
    aside = final.with_suffix(f".{os.getpid()}")
    aside.mkdir(parents=True, mode=0o700)
    try:
        for name in (EMPTY, STARTED):
            (aside / name).mkdir()
            shutil.copyfile(snapshots.folder(name) / DATABASE, aside / name / DATABASE)
            empty_tables(aside / name / DATABASE, _SECRET_TABLES)
        shutil.copytree(snapshots.folder(STARTED) / OBJECTS, aside / STARTED / OBJECTS, dirs_exist_ok=True)
        if not final.exists():
            aside.replace(final)
        for old in sorted(folder().iterdir(), key=lambda each: each.stat().st_mtime)[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _stamp(digest: "hashlib._Hash", root: Path, suffixes: tuple[str, ...]) -> None:
    """Take in name, size and time of change (in seconds: layers of images keep no more) of all below ``root``."""
    for entry in _files(str(root)):
        if not suffixes or entry.name.endswith(suffixes):
            found = entry.stat()
            digest.update(f"{entry.path}\0{found.st_size}\0{int(found.st_mtime)}\0".encode())


def _files(root: str) -> Iterator["os.DirEntry[str]"]:
    try:
        with os.scandir(root) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in _SKIPPED:
                yield from _files(entry.path)
        else:
            yield entry
