"""config: write the configuration that a client library reads."""

from pathlib import Path

import click

from habitr_emulator.amplify.client_formats import FORMATS, HOSTS, TARGETS
from habitr_emulator.cli import NOT_RUNNING, fail
from habitr_emulator.cli._admin import endpoint_option, opened


@click.command(epilog="Example: habitr-emulator config outputs --write src/amplify_outputs.json")
@click.argument("form", metavar="FORMAT", type=click.Choice(list(FORMATS)))
@click.option("--target", type=click.Choice(TARGETS), default="web", help="Where the client runs [web].")
@click.option(
    "--hosts", type=click.Choice(HOSTS), default="local", help="aws keeps *.amazonaws.com, for the proxy."
)
@click.option("--write", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@endpoint_option
def command(form: str, target: str, hosts: str, write: Path | None, endpoint: str | None) -> None:
    """Print the client configuration of the running emulator.

    FORMAT is amplify (amplifyconfiguration.json), outputs (amplify_outputs.json), js (aws-exports.js), dart
    (amplifyconfiguration.dart), env (dotenv) or profile (AWS profile).
    """
    with opened(endpoint, "GET", "config", format=form, target=target, hosts=hosts) as answer:
        text = answer.read().decode()
    if write is None:
        click.echo(text, nl=False)
        return
    try:
        write.parent.mkdir(parents=True, exist_ok=True)
        write.write_text(text)
    except OSError as error:
        fail(f"cannot write {write}: {error.strerror}", NOT_RUNNING)
    click.echo(f"wrote {write}")
