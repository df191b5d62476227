"""ca: the emulator's certificate authority."""

from pathlib import Path

import click

from habitr_emulator.cli._admin import call, endpoint_option


@click.group(epilog="Example: habitr-emulator ca export > ca.pem")
def command() -> None:
    """The certificate authority that TLS clients are to trust; it is never installed anywhere by itself."""


@command.command(epilog="Example: habitr-emulator ca export --write ca.pem")
@click.option("--write", type=click.Path(dir_okay=False, path_type=Path), help="Write it to this file.")
@endpoint_option
def export(write: Path | None, endpoint: str | None) -> None:
    """Print the certificate of the running emulator as PEM."""
    pem = call(endpoint, "GET", "config")["ca_pem"]
    if write is None:
        click.echo(pem, nl=False)
        return
    write.write_text(pem)
    click.echo(f"NODE_EXTRA_CA_CERTS={write.resolve()} AWS_CA_BUNDLE={write.resolve()}")
