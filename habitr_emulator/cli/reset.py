"""reset: back to the state right after the start."""

import json

import click

from habitr_emulator.cli._admin import call, endpoint_option, json_option


@click.command(epilog="Example: habitr-emulator reset")
@click.option("--empty", is_flag=True, help="Without the seed too.")
@json_option
@endpoint_option
def command(empty: bool, as_json: bool, endpoint: str | None) -> None:
    """Forget every user, row, object, message and fault since the state began, in one step.

    Its seed is left. With --data-dir that includes earlier runs.
    """
    answer = call(endpoint, "POST", "reset", empty="1" if empty else None)
    if as_json:
        click.echo(json.dumps(answer, indent=2))
        return
    left = "no users, rows, objects or messages" if empty else "its seed, and nothing else"
    click.echo(f"The project is as it began: {left}.")
