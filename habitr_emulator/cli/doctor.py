"""doctor: what is wrong with my set-up."""

import json
import os
from pathlib import Path

import click

from habitr_emulator.cli import NOT_RUNNING
from habitr_emulator.cli._admin import endpoint_option, json_option, where
from habitr_emulator.cli._diagnoses import Diagnosis, examine

_MARKS = {"ok": ("ok", "green"), "note": ("note", "yellow"), "wrong": ("wrong", "red")}


@click.command(epilog="Example: habitr-emulator doctor --json")
@click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="Where the client's configuration lies [here].",
)
@json_option
@endpoint_option
def command(project: Path, as_json: bool, endpoint: str | None) -> None:
    """Look at port, certificates, clock, client configuration and project; exits with 1 if something is wrong."""
    found = examine(where(endpoint), project, os.environ)
    if as_json:
        click.echo(json.dumps([each.__dict__ for each in found], indent=2))
    else:
        for each in found:
            _print(each)
    if any(each.state == "wrong" for each in found):
        raise SystemExit(NOT_RUNNING)


def _print(diagnosis: Diagnosis) -> None:
    mark, colour = _MARKS[diagnosis.state]
    styled = mark if "NO_COLOR" in os.environ else click.style(mark, fg=colour)
    click.echo(f"{styled}{' ' * (6 - len(mark))} {diagnosis.about}: {diagnosis.finding}")
    if diagnosis.advice:
        click.echo(f"       {diagnosis.advice}")
