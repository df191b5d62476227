"""Who listens on a port, where the system tells (Linux)."""

import re
from pathlib import Path

_LISTENING = "0A"


def holder(port: int) -> str | None:
    """``python3 (pid 4711)``, or None if it cannot be told."""
    sockets = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        sockets |= _inodes(Path(table), port)
    for process in Path("/proc").glob("[0-9]*"):
        if sockets & _open_sockets(process):
            return f"{_name(process)} (pid {process.name})"
    return None


def _inodes(table: Path, port: int) -> set[str]:
    try:
        rows = [line.split() for line in table.read_text().splitlines()[1:]]
    except OSError:
        return set()
    return {row[9] for row in rows if row[3] == _LISTENING and int(row[1].rpartition(":")[2], 16) == port}


def _open_sockets(process: Path) -> set[str]:
    try:
        targets = [str(each.readlink()) for each in (process / "fd").iterdir()]
    except OSError:
        return set()
    return {found[1] for target in targets if (found := re.fullmatch(r"socket:\[(\d+)\]", target))}


def _name(process: Path) -> str:
    try:
        return (process / "comm").read_text().strip()
    except OSError:
        return "a program"
