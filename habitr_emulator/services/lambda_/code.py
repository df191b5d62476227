"""A function's code: unpacked from a deployment package, described, and watched for changes.

https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
"""

import asyncio
import hashlib
import io
import lzma
import os
import shutil
import stat
import tempfile
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Iterator, Set
from contextlib import suppress
from pathlib import Path, PurePosixPath

from habitr_emulator.kernel.clock import Clock
from habitr_emulator.services.lambda_.errors import (
    InvalidParameterValueException,
    InvalidZipFileException,
    RequestTooLargeException,
)

MAXIMUM_ZIPPED = 52_428_800
MAXIMUM_UNZIPPED = 262_144_000
#: Of a task root, so many files are watched for changes.
WATCHED_FILES = 2_000
_ASIDE = "unpacking-"
_LONGEST_LINK = 4096
_UNWATCHED = {"__pycache__", "node_modules", ".git"}


def check_package(package: bytes) -> None:
    """Refuse what is no zip, is too large unpacked, or has a name outside of the task root."""
    if len(package) > MAXIMUM_ZIPPED:
        raise RequestTooLargeException(f"Zipped size must be smaller than {MAXIMUM_ZIPPED} bytes")
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError) as error:
        text = "Could not unzip uploaded file. Please check your file, then try to upload again."
        raise InvalidParameterValueException(text, why=f"the code is no zip file: {error}") from None
    if sum(entry.file_size for entry in entries) >= MAXIMUM_UNZIPPED:
        raise InvalidParameterValueException(f"Unzipped size must be smaller than {MAXIMUM_UNZIPPED} bytes")
    for entry in entries:
        path = PurePosixPath(entry.filename)
        if path.is_absolute() or ".." in path.parts:
            why = f"a name in the zip file leads outside of it: {entry.filename}"
            raise InvalidParameterValueException("Could not unzip uploaded file.", why=why)


def unpack(package: bytes, folder: Path) -> None:
    """Unpack a checked package to ``folder``: aside first, then renamed. Execute bits are kept.

    Raises InvalidZipFileException, and OSError for names that the file system does not take.
    """
    if folder.is_dir():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=folder.parent))
    try:
        _extract(package, aside)
        with suppress(OSError):  # another invocation was faster
            aside.rename(folder)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError) as error:
        text = "Lambda could not unzip the deployment package."
        raise InvalidZipFileException(text, why=f"the zip file is broken or encrypted: {error}") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _extract(package: bytes, folder: Path) -> None:
    links: list[tuple[Path, str]] = []
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        for entry in archive.infolist():
            written = Path(archive.extract(entry, folder))
            mode = entry.external_attr >> 16
            if stat.S_ISLNK(mode):
                links.append((written, os.fsdecode(written.read_bytes()[:_LONGEST_LINK])))
            elif not entry.is_dir() and mode & 0o111:
                written.chmod(0o755)
    _link(links, folder)


def _link(links: list[tuple[Path, str]], folder: Path) -> None:
    """Make symbolic links when every file is there, so that none is written through one; none may lead outside."""
    for path, target in links:
        path.unlink()
        path.symlink_to(target)
    inside = folder.resolve()
    for path, target in links:
        if not Path(os.path.realpath(path)).is_relative_to(inside):
            text = "Lambda could not unzip the deployment package."
            raise InvalidZipFileException(text, why=f"a link in the zip file leads outside of it: {target[:200]}")


async def pack(folder: Path) -> bytes:
    """A package of a task root, the same for the same files; raises InvalidParameterValueException."""
    return await asyncio.to_thread(_pack, folder)


def _pack(folder: Path) -> bytes:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    if sum(path.stat().st_size for path in paths) >= MAXIMUM_UNZIPPED:
        text = f"Unzipped size must be smaller than {MAXIMUM_UNZIPPED} bytes"
        raise InvalidParameterValueException(text, why=f"the folder of the function is too large: {folder.name}")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for path in paths:
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix())
            entry.external_attr = (path.stat().st_mode & 0o777) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes())
    return target.getvalue()


def sweep(parent: Path, current: Set[str]) -> None:
    """Remove unpacked code that no function has any more."""
    for folder in parent.iterdir():
        if folder.is_dir() and folder.name not in current and not folder.name.startswith(_ASIDE):
            shutil.rmtree(folder, ignore_errors=True)


def describe_package(package: bytes) -> dict[str, str | int]:
    """``CodeSha256`` and ``CodeSize`` of a package."""
    return {"CodeSha256": b64encode(hashlib.sha256(package).digest()).decode(), "CodeSize": len(package)}


def describe_folder(folder: Path) -> dict[str, str | int]:
    """``CodeSha256`` and ``CodeSize`` of a task root: over its files, as no package exists."""
    digest, size = hashlib.sha256(), 0
    for path, status in _files(folder):
        digest.update(f"{os.path.relpath(path, folder)}\0{status.st_size}\0".encode())
        with open(path, "rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
        size += status.st_size
    return {"CodeSha256": b64encode(digest.digest()).decode(), "CodeSize": size}


def fingerprint(folder: Path) -> int:
    """Changes when a file of a task root is added, removed or written."""
    return hash(tuple((path, status.st_mtime_ns, status.st_size) for path, status in _files(folder)))


def _files(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    left, pending = WATCHED_FILES, [str(folder)]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name in _UNWATCHED:
                    continue
                if entry.is_dir():
                    pending.append(entry.path)
                elif left > 0 and entry.is_file():
                    left -= 1
                    yield entry.path, entry.stat()


class Watch:
    """Remembers fingerprints; looking costs at most a twentieth of the time, however large a folder is."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: dict[Path, tuple[int, float]] = {}

    def look(self, folder: Path) -> int:
        """The fingerprint of ``folder``; raises OSError if it cannot be read."""
        began = self._clock.monotonic()
        known, due = self._seen.get(folder, (0, began))
        if began < due:
            return known
        found = fingerprint(folder)
        ended = self._clock.monotonic()
        self._seen[folder] = (found, ended + 20 * (ended - began))
        return found
