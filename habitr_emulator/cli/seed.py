"""seed: fill the running emulator with people, rows and files."""

import json
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any

import click

from habitr_emulator.cli import NOT_RUNNING, fail
from habitr_emulator.cli._admin import endpoint_option, json_option, opened
from habitr_emulator.cli._progress import shown

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(epilog="Example: habitr-emulator seed --random 200 --rng 7")
@click.argument("files", nargs=-1, type=_FILE)
@click.option("--random", "habits", type=int, help="A lively Habitr with so many habits, instead of files.")
@click.option("--rng", type=int, default=1, show_default=True, help="The same number makes the same Habitr.")
@json_option
@endpoint_option
def command(files: tuple[Path, ...], habits: int | None, rng: int, as_json: bool, endpoint: str | None) -> None:
    """Play seed FILES in their order, through the public APIs; what was played already is left alone.

    Without files it plays the seed of the project that the emulator runs.
    """
    if files and habits is not None:
        raise click.UsageError("give FILES or --random, not both")
    if habits is not None:
        played = [_play(endpoint, None, random=habits, rng=rng)]
    elif files:
        played = [_play(endpoint, _with_files(path), name=path.name) for path in files]
    else:
        played = [_play(endpoint, None)]
    new, total = (sum(each[name] for each in played) for name in ("new", "total"))
    if as_json:
        click.echo(json.dumps({"new": new, "total": total}, indent=2))
        return
    before = f"; {total - new} were there already" if total > new else ""
    click.echo(f"Seeded: {new} users, files and rows{before}")


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


def _play(endpoint: str | None, body: bytes | None, **query: Any) -> dict[str, int]:
    """What the emulator says at the end: ``new`` and ``total`` steps."""
    end: dict[str, int] = {}
    with opened(endpoint, "POST", "seed", body, progress="", **query) as answer:
        for _ in shown(_steps(answer, end), "seeding"):
            pass
    if not end:
        fail("the emulator broke the seed off without saying why; its log does: habitr-emulator logs", NOT_RUNNING)
    return end


def _steps(answer: Any, end: dict[str, int]) -> Iterator[tuple[int, int]]:
    try:
        for line in answer:
            step = json.loads(line)
            if "message" in step:
                fail(step["message"], NOT_RUNNING)
            if "new" in step:
                end |= step
            yield step["done"], step["total"]
    except (HTTPException, OSError, ValueError):  # cut off: the end is missing
        return
