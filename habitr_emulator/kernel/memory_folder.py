"""Private folders on a memory file system: where a store that keeps nothing lives."""

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

_PREFIX = "habitr-emulator-"
_YOUNG_SECONDS = 60.0


def memory_folder() -> tuple[Path, int]:
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
