"""reset: back to the state after the start."""

import click

from habitr_emulator.cli._admin import call, endpoint_option


@click.command(epilog="Example: habitr-emulator reset")
@click.option("--empty", is_flag=True, help="Without what was seeded.")
@endpoint_option
def command(empty: bool, endpoint: str | None) -> None:
    """Forget what came after the start of the running emulator, in one step."""
    call(endpoint, "POST", "reset", empty="true" if empty else None)
    click.echo("The state is as it was after the start.")
