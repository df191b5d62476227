"""import: a folder that ``export`` wrote becomes the state."""

import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import click

from habitr_emulator.cli import NOT_RUNNING, fail
from habitr_emulator.cli._admin import endpoint_option, opened
from habitr_emulator.cli._progress import shown

PIECE = 1 << 20


@click.command(epilog="Example: habitr-emulator import backup")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@endpoint_option
def command(folder: Path, endpoint: str | None) -> None:
    """Make DIR the present state, in one step; an export of a newer format is refused."""
    if not (folder / "habitr.json").is_file():
        fail(f"this is no export, it has no habitr.json: {folder}", NOT_RUNNING)
    with tempfile.TemporaryFile() as file:
        with tarfile.open(fileobj=file, mode="w") as archive:
            for name in ("habitr.json", "state.db", "objects"):
                if (folder / name).exists():
                    archive.add(folder / name, name)
        size = file.tell()
        file.seek(0)
        body = _Body(file, size)
        with opened(endpoint, "POST", "import", body, headers={"content-length": str(size)}, patience=None):
            pass
    click.echo(f"The state is the exported one: {folder}")


class _Body:
    """The archive, as urllib sends it, with a progress bar while it goes."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._size, self._read = file, size, b""

    def __iter__(self) -> Iterator[bytes]:
        for _ in shown(self._steps(), "importing"):
            yield self._read

    def _steps(self) -> Iterator[tuple[int, int]]:
        done = 0
        while piece := self._file.read(PIECE):
            self._read = piece
            done += len(piece)
            yield done, self._size
