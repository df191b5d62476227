"""The command line: one verb per file, imported when it is called."""

import os
import pkgutil
import sys
from importlib import import_module
from typing import Any, NoReturn

import click

from habitr_emulator import __version__

NOT_RUNNING = 1
USAGE = 2
PORT_TAKEN = 3
PROJECT_INVALID = 4
#: Ctrl-C, as shells tell it.
INTERRUPTED = 130


class _Verbs(click.Group):
    """The verbs are this folder's files; ``exec`` is a file of that name and so on."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"{__name__}.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            fail("stopped by Ctrl-C", INTERRUPTED)


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """A whole AWS Amplify backend in one process on your laptop, offline."""


def main() -> None:
    """The ``habitr-emulator`` command."""
    cli(prog_name="habitr-emulator")


def fail(message: str, code: int = NOT_RUNNING) -> NoReturn:
    """Say what went wrong on stderr and exit."""
    click.secho(message, err=True, fg="red" if sys.stderr.isatty() and "NO_COLOR" not in os.environ else None)
    raise SystemExit(code)
