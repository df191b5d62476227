"""clock: the emulator's time, by which tokens, codes and sessions expire."""

import json
from typing import Any

import click

from habitr_emulator.cli._admin import call, endpoint_option, json_option
from habitr_emulator.kernel.clock import moment


@click.group(epilog="Example: habitr-emulator clock advance 3600")
def command() -> None:
    """Show, advance, freeze, set and resume the emulator's time; signatures are judged by real time always."""


def _show(now: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(now, indent=2))
        return
    state = "frozen" if now["frozen"] else "running"
    click.echo(f"{now['iso']} ({state}, {round(now['offset']):+d} s from real time)")


@command.command(epilog="Example: habitr-emulator clock show")
@json_option
@endpoint_option
def show(as_json: bool, endpoint: str | None) -> None:
    """Show the emulator's time."""
    _show(call(endpoint, "GET", "clock"), as_json)


@command.command(epilog="Example: habitr-emulator clock advance 3600")
@click.argument("seconds", type=float)
@json_option
@endpoint_option
def advance(seconds: float, as_json: bool, endpoint: str | None) -> None:
    """Move the time by SECONDS."""
    _show(call(endpoint, "POST", "clock/advance", seconds=seconds), as_json)


@command.command(name="set", epilog="Example: habitr-emulator clock set 2027-01-01T08:30:00+01:00")
@click.argument("at")
@json_option
@endpoint_option
def set_(at: str, as_json: bool, endpoint: str | None) -> None:
    """Put the time to AT: ISO 8601 (2027-01-01, in UTC if it names no offset), or seconds since 1970."""
    try:
        seconds = moment(at)
    except ValueError:
        raise click.UsageError(f"this is no time: {at}") from None
    _show(call(endpoint, "POST", "clock/set", at=seconds), as_json)


@command.command(epilog="Example: habitr-emulator clock freeze")
@json_option
@endpoint_option
def freeze(as_json: bool, endpoint: str | None) -> None:
    """Stop the time where it is."""
    _show(call(endpoint, "POST", "clock/freeze"), as_json)


@command.command(epilog="Example: habitr-emulator clock resume")
@json_option
@endpoint_option
def resume(as_json: bool, endpoint: str | None) -> None:
    """Show real time again."""
    _show(call(endpoint, "POST", "clock/resume"), as_json)
