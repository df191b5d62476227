"""One emulator a data folder."""

import fcntl
from pathlib import Path
from typing import IO


class FolderInUse(Exception):
    """Another emulator works in the data folder."""


def claim(folder: Path) -> IO[str]:
    """Hold the data folder for this process; raises FolderInUse."""
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")
    lock = (folder / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise FolderInUse(
            f"another emulator works in {folder}; stop it, or choose another folder with --data-dir, or --memory"
        ) from None
    return lock
