"""export: the whole state as a folder: exact, and in readable files."""

import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import click

from habitr_emulator.cli import NOT_RUNNING, fail
from habitr_emulator.cli._admin import endpoint_option, opened
from habitr_emulator.cli._progress import shown

PIECE = 1 << 20


@click.command(epilog="Example: habitr-emulator export backup")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@endpoint_option
def command(folder: Path, endpoint: str | None) -> None:
    """Write the state into DIR, which must not be there yet: made aside, then renamed.

    The exact database, from which `import` reads, has the signing keys in it.
    """
    if folder.exists():
        fail(f"it is there already: {folder}; choose another name, or remove it", NOT_RUNNING)
    aside = folder.with_name(folder.name + ".partial")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        with (aside / "archive.tar").open("w+b") as file:
            with opened(endpoint, "GET", "export") as answer:
                list(shown(_copied(answer, file), "exporting"))
            file.seek(0)
            with tarfile.open(fileobj=file) as archive:
                archive.extractall(aside, filter="data")
        (aside / "archive.tar").unlink()
        aside.rename(folder)
    except OSError as error:
        fail(f"the export cannot be written: {error.strerror or error}: {folder}", NOT_RUNNING)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    click.echo(f"The state is in {folder}: readable/ to look at, the rest for import")


def _copied(answer: Any, file: IO[bytes]) -> Iterator[tuple[int, int]]:
    done, total = 0, int(answer.headers.get("content-length") or 0)
    while piece := answer.read(PIECE):
        file.write(piece)
        done += len(piece)
        yield done, total
