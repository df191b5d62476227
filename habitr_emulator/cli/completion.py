"""completion: completion of verbs and options for a shell."""

import click
from click.shell_completion import get_completion_class

from habitr_emulator.cli import cli

PROGRAM = "habitr-emulator"


@click.command(epilog="Example: habitr-emulator completion bash")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the script that completes verbs and options in SHELL.

    For bash, put this into ~/.bashrc: eval "$(habitr-emulator completion bash)"
    """
    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(cli, {}, PROGRAM, "_HABITR_EMULATOR_COMPLETE").source())
