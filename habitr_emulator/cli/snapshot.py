"""snapshot: named copies of the whole state."""

import json

import click

from habitr_emulator.cli._admin import call, endpoint_option, json_option


@click.group(epilog="Example: habitr-emulator snapshot save before-the-demo")
def command() -> None:
    """Save the whole state under a name, and go back to it; they lie in the data folder."""


@command.command(epilog="Example: habitr-emulator snapshot save before-the-demo")
@click.argument("name")
@json_option
@endpoint_option
def save(name: str, as_json: bool, endpoint: str | None) -> None:
    """Save the present state as NAME; one of that name is replaced."""
    saved = call(endpoint, "POST", "snapshot/save", name=name)["snapshots"]
    click.echo(json.dumps(saved, indent=2) if as_json else f"The state is saved: {name}")


@command.command(epilog="Example: habitr-emulator snapshot load before-the-demo")
@click.argument("name")
@json_option
@endpoint_option
def load(name: str, as_json: bool, endpoint: str | None) -> None:
    """Make NAME the present state, in one step."""
    loaded = call(endpoint, "POST", "snapshot/load", name=name)["snapshots"]
    click.echo(json.dumps(loaded, indent=2) if as_json else f"The state is the saved one: {name}")


@command.command(name="list", epilog="Example: habitr-emulator snapshot list")
@json_option
@endpoint_option
def list_(as_json: bool, endpoint: str | None) -> None:
    """List the snapshots."""
    names = call(endpoint, "GET", "snapshot")["snapshots"]
    click.echo(json.dumps(names, indent=2) if as_json else "\n".join(names) or "There is no snapshot yet.")
