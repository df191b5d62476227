"""token: a token of any user, without a password."""

import json

import click

from habitr_emulator.cli._admin import call, endpoint_option, json_option

_MEMBERS = {"access": "AccessToken", "id": "IdToken", "refresh": "RefreshToken"}


@click.command(epilog="Example: habitr-emulator token maya --use id")
@click.argument("user")
@click.option("--use", type=click.Choice(list(_MEMBERS)), default="access", show_default=True, help="Which token.")
@click.option("--client", help="The app client that it is for [the project's own].")
@json_option
@endpoint_option
def command(user: str, use: str, client: str | None, as_json: bool, endpoint: str | None) -> None:
    """Sign USER in as an administrator would wish to, and print a token."""
    tokens = call(endpoint, "POST", "token", user=user, client=client)
    click.echo(json.dumps(tokens, indent=2) if as_json else tokens[_MEMBERS[use]])
