"""seed: fill the running emulator with people, rows and files."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from habitr_emulator.cli import NOT_RUNNING, fail
from habitr_emulator.cli._admin import endpoint_option, opened
from habitr_emulator.cli._progress import shown

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(epilog="Example: habitr-emulator seed --random 200 --rng 7")
@click.argument("files", nargs=-1, type=_FILE)
@click.option("--random", "habits", type=int, help="A lively Habitr with so many habits, instead of files.")
@click.option("--rng", type=int, default=1, show_default=True, help="The same number makes the same Habitr.")
@endpoint_option
def command(files: tuple[Path, ...], habits: int | None, rng: int, endpoint: str | None) -> None:
    """Play seed FILES in their order, through the public APIs; what was played already is left alone.

    Without files it plays the project's own seed.
    """
    if files and habits is not None:
        raise click.UsageError("give FILES or --random, not both")
    if habits is not None:
        _play(endpoint, None, random=habits, rng=rng)
        return
    for path in files or _own_seeds():
        _play(endpoint, _with_files(path), name=path.name)


def _own_seeds() -> list[Path]:
    from habitr_emulator.cli._settings import settings_of
    from habitr_emulator.emulator import builtin_project
    from habitr_emulator.state.beginning import seed_files

    project = settings_of({}).project
    found = seed_files(project or builtin_project(), project is None)
    if not found:
        raise click.UsageError("the project has no seed; give FILES")
    return found


def _with_files(path: Path) -> bytes:
    """The seed, with the content of the files that it names in it: the emulator may run elsewhere."""
    from habitr_emulator.kernel.errors import SeedError
    from habitr_emulator.seed.bundle import bundled
    from habitr_emulator.seed.file import read

    try:
        return bundled(read(path))
    except SeedError as error:
        fail(str(error), NOT_RUNNING)
        raise


def _play(endpoint: str | None, body: bytes | None, **query: Any) -> None:
    with opened(endpoint, "POST", "seed", body, progress="", **query) as answer:
        steps = list(shown(_steps(answer), "seeding"))
    click.echo(f"Seeded: {len(steps)} users, files and rows")


def _steps(answer: Any) -> Iterator[tuple[int, int]]:
    for line in answer:
        step = json.loads(line)
        if "message" in step:
            fail(step["message"], NOT_RUNNING)
        yield step["done"], step["total"]
