"""reset: back to the project as it was first deployed."""

import click

from habitr_emulator.cli._admin import call, endpoint_option


@click.command(epilog="Example: habitr-emulator reset")
@endpoint_option
def command(endpoint: str | None) -> None:
    """Forget every user, row, object and message since the project was first deployed, in one step.

    With --data-dir that includes earlier runs.
    """
    call(endpoint, "POST", "reset")
    click.echo("The project is as it was first deployed: no users, rows, objects or messages.")
