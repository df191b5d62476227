"""user: the people of the project's user pool."""

import json
from typing import Any
from urllib.parse import quote

import click

from habitr_emulator.cli._admin import call, endpoint_option, json_option


@click.group(epilog="Example: habitr-emulator user add alice --group admin")
def command() -> None:
    """Add, list, confirm and delete users, set passwords, join and leave groups."""


@command.command(
    epilog="Example: habitr-emulator user add alice --password correct-Horse-9 --email alice@example.com"
)
@click.argument("name")
@click.option("--password", help="[Habitr-2026]")
@click.option("--email", help="[NAME@example.com]")
@click.option("--attribute", "attributes", multiple=True, metavar="NAME=VALUE", help="A further attribute.")
@click.option("--group", "groups", multiple=True, help="A group; it is made if there is none.")
@click.option("--unconfirmed", is_flag=True, help="Leave the code in the inbox.")
@json_option
@endpoint_option
def add(name: str, attributes: tuple[str, ...], unconfirmed: bool, **given: Any) -> None:
    """Sign NAME up, with all triggers, and confirm."""
    as_json, endpoint = given.pop("as_json"), given.pop("endpoint")
    body = {"username": name, "confirmed": not unconfirmed, "attributes": dict(map(_pair, attributes)), **given}
    _show(
        call(endpoint, "POST", "user", {key: value for key, value in body.items() if value is not None}), as_json
    )


@command.command(name="list", epilog="Example: habitr-emulator user list")
@json_option
@endpoint_option
def list_(as_json: bool, endpoint: str | None) -> None:
    """List everybody."""
    _show(call(endpoint, "GET", "user"), as_json)


@command.command(epilog="Example: habitr-emulator user confirm alice")
@click.argument("name")
@json_option
@endpoint_option
def confirm(name: str, as_json: bool, endpoint: str | None) -> None:
    """Confirm the sign-up of NAME without its code."""
    _show(call(endpoint, "POST", f"user/{quote(name, '')}/confirm"), as_json)


@command.command(epilog="Example: habitr-emulator user password alice correct-Horse-9")
@click.argument("name")
@click.argument("password")
@json_option
@endpoint_option
def password(name: str, password: str, as_json: bool, endpoint: str | None) -> None:
    """Set the PASSWORD of NAME, for good."""
    _show(call(endpoint, "POST", f"user/{quote(name, '')}/password", {"password": password}), as_json)


@command.command(epilog="Example: habitr-emulator user group alice admin")
@click.argument("name")
@click.argument("group")
@click.option("--leave", is_flag=True, help="Leave it.")
@json_option
@endpoint_option
def group(name: str, group: str, leave: bool, as_json: bool, endpoint: str | None) -> None:
    """Let NAME join GROUP (it is made if there is none), or leave it."""
    _show(call(endpoint, "POST", f"user/{quote(name, '')}/group", {"group": group, "leave": leave}), as_json)


@command.command(epilog="Example: habitr-emulator user delete alice")
@click.argument("name")
@endpoint_option
def delete(name: str, endpoint: str | None) -> None:
    """Delete NAME from the pool; rows and files stay."""
    call(endpoint, "DELETE", f"user/{quote(name, '')}")
    click.echo(f"The user is deleted: {name}")


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"an attribute is NAME=VALUE, this is none: {text}")
    return name, value


def _show(answer: dict[str, Any], as_json: bool) -> None:
    users = answer["users"]
    if as_json:
        click.echo(json.dumps(users, indent=2, ensure_ascii=False))
        return
    if not users:
        click.echo(f"There is no user yet; add one: habitr-emulator user add {answer['example']}")
    for user in users:
        groups = f"  groups: {', '.join(user['groups'])}" if user.get("groups") else ""
        state = user["status"] if user["enabled"] else "DISABLED"
        click.echo(f"{user['username']:<20} {state:<12} {user['attributes'].get('email', '')}{groups}")
