"""inbox: the mail and SMS that Cognito "sent"."""

import json

import click

from habitr_emulator.cli import NOT_RUNNING, fail
from habitr_emulator.cli._admin import call, endpoint_option, json_option


@click.command(epilog="Example: habitr-emulator inbox --to alice --wait 5 --code")
@click.option("--to", help="Only messages to this user name, sub or address.")
@click.option("--wait", type=float, help="Wait up to this many seconds for the first one.")
@click.option("--code", is_flag=True, help="Print the newest code alone.")
@json_option
@endpoint_option
def command(to: str | None, wait: float | None, code: bool, as_json: bool, endpoint: str | None) -> None:
    """Show what was sent, oldest first."""
    messages = call(endpoint, "GET", "inbox", to=to, wait=wait)["messages"]
    if code:
        codes = [message["code"] for message in messages if message["code"]]
        if not codes:
            fail("no message with a code has come", NOT_RUNNING)
        click.echo(codes[-1])
    elif as_json:
        click.echo(json.dumps(messages, indent=2))
    else:
        for message in messages:
            click.echo(f"{message['medium']} to {message['destination']} ({message['trigger']})")
            click.echo(f"  {message['subject']}\n  {message['body']}\n")
