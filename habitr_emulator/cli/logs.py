"""logs: what the running emulator was asked, and what it did."""

import json
from typing import Any

import click

from habitr_emulator.cli._admin import call, endpoint_option, json_option


@click.command(epilog="Example: habitr-emulator logs --request 48f1b0c8-c1b1-4416-8659-07770e13c982")
@click.option("--request", "request_id", help="One request, by its x-amzn-requestid, with every step.")
@click.option("--limit", type=int, default=50, show_default=True, help="How many of the latest.")
@json_option
@endpoint_option
def command(request_id: str | None, limit: int, as_json: bool, endpoint: str | None) -> None:
    """Show the latest requests, newest last; refused ones with the reason."""
    if request_id:
        found = call(endpoint, "GET", f"requests/{request_id}")
        click.echo(json.dumps(found, indent=2) if as_json else "\n".join(_tree(found, 0)))
        return
    requests = call(endpoint, "GET", "requests", limit=limit)["requests"]
    if as_json:
        click.echo(json.dumps(requests, indent=2))
        return
    for each in reversed(requests):
        click.echo(_line(each))


def _line(span: dict[str, Any]) -> str:
    facts = span.get("facts", {})
    why = f"  {facts['why']}" if "why" in facts else ""
    return f"{span['requestId']}  {facts.get('status', '')}  {span['milliseconds']:8.1f} ms  {span['name']}{why}"


def _tree(span: dict[str, Any], depth: int) -> list[str]:
    facts = " ".join(f"{name}={value}" for name, value in span.get("facts", {}).items())
    lines = [f"{'  ' * depth}{span['name']}  {span['milliseconds']} ms  {facts}".rstrip()]
    for step in span.get("steps", ()):
        lines += _tree(step, depth + 1)
    return lines
