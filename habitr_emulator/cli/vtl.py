"""vtl: render one mapping template, for debugging; needs no running emulator."""

import json
from pathlib import Path

import click

from habitr_emulator.cli import NOT_RUNNING
from habitr_emulator.kernel.clock import Clock
from habitr_emulator.kernel.ids import Ids

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(epilog="Example: echo '$util.autoId()' | habitr-emulator vtl /dev/stdin")
@click.argument("template", type=_FILE)
@click.option("--context", type=_FILE, help="JSON: $ctx, with arguments, identity, source, result, stash …")
@click.option("--json", "as_json", is_flag=True, help="Print everything: result, stash and appended errors.")
def command(template: Path, context: Path | None, as_json: bool) -> None:
    """Render TEMPLATE against a context; exits with 1 if it refuses ($util.error)."""
    from habitr_emulator.services.appsync.vtl.render import evaluate

    try:
        shown = json.loads(context.read_text()) if context else {}
    except ValueError as error:
        raise click.UsageError(f"{context} is no JSON: {error}") from None
    outcome = evaluate(template.read_text(), shown, Clock().iso, Ids().uuid)
    if as_json:
        click.echo(json.dumps(outcome, indent=2))
    elif "evaluationResult" in outcome:
        click.echo(outcome["evaluationResult"])
    else:
        click.echo(json.dumps(outcome.get("returned", outcome.get("error")), indent=2))
    if "error" in outcome:
        raise SystemExit(NOT_RUNNING)
