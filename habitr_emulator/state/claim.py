"""One emulator a data folder."""

import fcntl
import os
from pathlib import Path
from typing import IO, Final

#: In the data folder: where the emulator that works there listens.
ENDPOINT_FILE: Final = "endpoint"


class FolderInUse(Exception):
    """Another emulator works in the data folder."""


def claim(folder: Path) -> IO[str]:
    """Hold the data folder for this process, whose id is in the lock; raises FolderInUse."""
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")
    lock = (folder / "lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        pid = lock.read(20).strip()
        lock.close()
        raise FolderInUse(_told(folder, pid if pid.isdecimal() else "")) from None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def _told(folder: Path, pid: str) -> str:
    try:
        endpoint = (folder / ENDPOINT_FILE).read_text().strip()
    except (OSError, ValueError):  # it has not begun to listen
        endpoint = ""
    who = ", ".join([*([f"pid {pid}"] if pid else []), *([endpoint] if endpoint else [])])
    end = f"end it (habitr-emulator down --endpoint {endpoint})" if endpoint else "stop it"
    return (
        f"another emulator{f' ({who})' if who else ''} works in {folder}; "
        f"{end}, or choose another folder with --data-dir, or --memory"
    )
