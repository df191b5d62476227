"""The flags that start an emulator, shared by the verbs that do (``up``, ``exec``)."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from habitr_emulator.cli import USAGE, fail
from habitr_emulator.settings import Settings, SettingsError, resolve

F = TypeVar("F", bound=Callable[..., Any])

_FOLDER = click.Path(file_okay=False)
_PROJECT = click.option(
    "--project", type=click.Path(exists=True, file_okay=False), help="The folder that holds amplify/."
)
_SHARED = (
    click.option("--tls-port", type=int, help="A further port that speaks TLS only (443 for Flutter realtime)."),
    click.option("--host", help="The address to listen on [localhost]; 0.0.0.0 serves phones."),
    click.option(
        "--seed/--no-seed", default=None, help="Whether a new state begins with the project's seed [yes]."
    ),
    click.option("--durable", is_flag=True, default=None, help="Sync every commit: survives a power cut too."),
    click.option(
        "--auth",
        type=click.Choice(["strict", "warn"]),
        help="warn lets wrong signatures and refused policies pass, and logs.",
    ),
    click.option(
        "--s3-bucket-defaults",
        type=click.Choice(["current", "legacy"]),
        help="What new buckets begin with: ACLs off and public access blocked, or as before April 2023.",
    ),
    click.option("--issuer", type=click.Choice(["aws", "local"]), help="Who the tokens name as their issuer."),
    click.option("--environment", help="Amplify's environment [the project's own]."),
)
_LASTING = (
    click.option("--port", type=int, help="The one port [4566]; 0 picks a free one."),
    click.option("--data-dir", type=_FOLDER, help="Where state lives [.habitr]."),
    click.option("--memory", is_flag=True, default=None, help="Keep nothing."),
    click.option("--watch", is_flag=True, default=None, help="Take over changes of the project's files."),
    click.option(
        "--allow-destructive-graphql-schema-updates",
        is_flag=True,
        default=None,
        help="Let --watch replace a table whose primary key changes, with all its items.",
    ),
)
_PASSING = (
    click.option("--port", type=int, help="The one port [a free one]."),
    click.option("--data-dir", type=_FOLDER, help="Where state lives [nowhere: in memory]."),
)


def flags(function: F) -> F:
    """Add every flag of Settings to a verb whose emulator stays."""
    return _with((_PROJECT, *_LASTING, *_SHARED), function)


def passing_flags(function: F) -> F:
    """Add those that make sense for an emulator that ends with a command."""
    return _with((_PROJECT, *_PASSING, *_SHARED), function)


def _with(options: Sequence[Callable[[F], F]], function: F) -> F:
    for option in reversed(options):
        function = option(function)
    return function


def settings_of(given: dict[str, Any], **fixed: Any) -> Settings:
    """Settings of a verb's flags over the environment and habitr.toml; exits with 2 on a bad value."""
    chosen = {name: value for name, value in given.items() if value is not None} | fixed
    try:
        return resolve(chosen, os.environ, Path.cwd())
    except SettingsError as error:
        fail(str(error), USAGE)
        raise
