"""status: what runs, and how to connect to it."""

import hashlib
import json
import os
import shlex
from pathlib import Path

import click

from habitr_emulator.cli._admin import endpoint_option, json_option, silent, where
from habitr_emulator.cli._config import fetch, variables


@click.command(epilog='Example: eval "$(habitr-emulator status -o env)"')
@click.option(
    "-o", "--output", type=click.Choice(["table", "env", "json"]), default="table", help="How to print it."
)
@json_option
@endpoint_option
def command(output: str, as_json: bool, endpoint: str | None) -> None:
    """Show endpoints and ids of the running emulator; exits with 1 when nothing runs."""
    asked = where(endpoint)
    config = fetch(asked)
    if config is None:
        silent(asked, endpoint)
    if as_json or output == "json":
        click.echo(json.dumps(config, indent=2))
    elif output == "env":
        for name, value in variables(config, _ca_file(config["ca_pem"])).items():
            click.echo(f"export {name}={shlex.quote(value)}")
    else:
        _table(config)


def _table(config: dict[str, object]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, show_header=False)
    for name, value in config.items():
        if isinstance(value, str) and name != "ca_pem":
            table.add_row(name, value)
    Console().print(table)


def _ca_file(pem: str) -> Path:
    """A file of the user's own that holds the certificate, for variables that want a path; one a certificate, so
    that several emulators do not take it from each other.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    path = cache / "habitr-emulator" / f"ca-{hashlib.sha256(pem.encode()).hexdigest()[:16]}.pem"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(pem)
    return path
