"""fault: failures on purpose."""

import json
from typing import Any

import click

from habitr_emulator.cli._admin import call, endpoint_option, json_option


@click.group(epilog="Example: habitr-emulator fault add error --service dynamodb --operation PutItem --count 2")
def command() -> None:
    """Make calls fail, wait or lose their connection; a reset clears all of it."""


@command.command(
    epilog="Example: habitr-emulator fault add latency --service appsync --seconds 2 --probability 0.5"
)
@click.argument("kind", type=click.Choice(["error", "latency", "drop"]))
@click.option("--service", help="Such as dynamodb, cognito-idp, s3, appsync [every service].")
@click.option("--operation", help="Such as PutItem; of GraphQL a field or an operation's name [every operation].")
@click.option("--code", help="The error's code [ThrottlingException].")
@click.option("--status", type=int, help="The error's HTTP status [400].")
@click.option("--message", help="The error's message [Rate exceeded].")
@click.option("--seconds", type=float, help="How long latency is [1].")
@click.option("--count", type=int, help="How often it strikes [always].")
@click.option("--probability", type=float, help="How likely it strikes, 0 to 1 [1].")
@click.option("--rng", type=int, help="The number that chance starts from [0].")
@json_option
@endpoint_option
def add(endpoint: str | None, as_json: bool, **given: Any) -> None:
    """Add a fault of a KIND: error, latency or drop (the connection closes without an answer)."""
    _show(call(endpoint, "POST", "fault", given)["faults"], as_json)


@command.command(name="list", epilog="Example: habitr-emulator fault list")
@json_option
@endpoint_option
def list_(as_json: bool, endpoint: str | None) -> None:
    """List the faults, and how often each has struck."""
    _show(call(endpoint, "GET", "fault")["faults"], as_json)


@command.command(epilog="Example: habitr-emulator fault clear")
@click.argument("fault_id", required=False)
@endpoint_option
def clear(fault_id: str | None, endpoint: str | None) -> None:
    """Clear one fault by its id, or all."""
    cleared = call(endpoint, "DELETE", f"fault/{fault_id}" if fault_id else "fault")["cleared"]
    click.echo(f"Faults cleared: {cleared}")


def _show(faults: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(faults, indent=2))
        return
    if not faults:
        click.echo("There is no fault.")
    for each in faults:
        what = f"{each['code']} ({each['status']})" if each["kind"] == "error" else each["kind"]
        what += f" of {each['seconds']:g} s" if each["kind"] == "latency" else ""
        where = f"{each['service'] or 'every service'} {each['operation'] or 'every operation'}"
        left = "always" if each["count"] is None else f"{each['count']} times more"
        chance = f", probability {each['probability']:g}" if each["probability"] < 1 else ""
        click.echo(f"{each['id']:>3}  {what}: {where}; {left}{chance}; has struck: {each['struck']}")
