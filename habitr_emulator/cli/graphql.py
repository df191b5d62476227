"""graphql: one query as anyone."""

import json
import sys

import click

from habitr_emulator.cli import NOT_RUNNING
from habitr_emulator.cli._admin import call, endpoint_option, json_option


@click.command(epilog="Example: habitr-emulator graphql '{ listHabits { items { tagline ups } } }' --as maya")
@click.argument("query")
@click.option("--as", "user", help="Who asks [the API key].")
@click.option("--variables", default="{}", help="JSON.")
@json_option
@endpoint_option
def command(query: str, user: str | None, variables: str, as_json: bool, endpoint: str | None) -> None:
    """Run QUERY (or - to read it) and print its data; exits with 1 if the answer has errors."""
    try:
        given = json.loads(variables)
    except ValueError:
        raise click.UsageError(f"variables are no JSON: {variables}") from None
    text = sys.stdin.read() if query == "-" else query
    body = {"query": text, "variables": given}
    answer = call(endpoint, "POST", "graphql", body, **{"as": user})
    click.echo(json.dumps(answer if as_json else answer.get("data"), indent=2, ensure_ascii=False))
    for error in answer.get("errors") or []:
        place = ".".join(map(str, error.get("path") or [])) or "the query"
        click.echo(f"{place}: {error.get('errorType') or 'error'}: {error.get('message')}", err=True)
    if answer.get("errors"):
        raise SystemExit(NOT_RUNNING)
