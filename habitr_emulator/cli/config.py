"""config: write the configuration that a client library reads."""

import os
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import click

from habitr_emulator.amplify.client_formats import FORMATS, HOSTS, TARGETS
from habitr_emulator.cli import NOT_RUNNING, fail
from habitr_emulator.cli._config import DEFAULT_ENDPOINT


@click.command(epilog="Example: habitr-emulator config outputs --write src/amplify_outputs.json")
@click.argument("form", metavar="FORMAT", type=click.Choice(list(FORMATS)))
@click.option("--target", type=click.Choice(TARGETS), default="web", help="Where the client runs [web].")
@click.option(
    "--hosts", type=click.Choice(HOSTS), default="local", help="aws keeps *.amazonaws.com, for the proxy."
)
@click.option("--write", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@click.option("--endpoint", help=f"Which emulator [$HABITR_ENDPOINT, else {DEFAULT_ENDPOINT}].")
def command(form: str, target: str, hosts: str, write: Path | None, endpoint: str | None) -> None:
    """Print the client configuration of the running emulator.

    FORMAT is amplify (amplifyconfiguration.json), outputs (amplify_outputs.json), js (aws-exports.js), dart
    (amplifyconfiguration.dart), env (dotenv) or profile (AWS profile).
    """
    where = (endpoint or os.environ.get("HABITR_ENDPOINT") or DEFAULT_ENDPOINT).rstrip("/")
    text = _fetch(where, {"format": form, "target": target, "hosts": hosts})
    if write is None:
        click.echo(text, nl=False)
        return
    try:
        write.parent.mkdir(parents=True, exist_ok=True)
        write.write_text(text)
    except OSError as error:
        fail(f"cannot write {write}: {error.strerror}", NOT_RUNNING)
    click.echo(f"wrote {write}")


def _fetch(where: str, query: dict[str, str]) -> str:
    try:
        if not where.startswith(("http://", "https://")):
            raise ValueError(where)
        asked = f"{where}/_habitr/config?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(asked, timeout=5) as answer:  # noqa: S310 - checked above
            return str(answer.read().decode())
    except (urllib.error.URLError, OSError, ValueError):
        fail(f"no emulator answers at {where}; start one: habitr-emulator up", NOT_RUNNING)
        raise
