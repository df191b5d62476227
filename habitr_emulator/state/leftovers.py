"""What a kill left behind in a data folder; the next start finishes or removes it."""

import shutil
from pathlib import Path

from habitr_emulator.kernel.snapshots import recover

#: Where archives are made and unpacked: whole copies of the state, with its signing keys.
_FOLDERS = ("export-*", "import-*", "import.partial")


def sweep(data: Path) -> None:
    """Make the folder fit to begin in; for whoever has claimed it, before the state is opened."""
    for pattern in _FOLDERS:
        for left in data.glob(pattern):
            shutil.rmtree(left, ignore_errors=True)
    recover(data)
