"""logs: what the running emulator was asked, and what it did."""

import json
from pathlib import Path
from typing import Any

import click

from habitr_emulator.cli._admin import call, endpoint_option, json_option, opened

SHOWN_FIELDS = 4


@click.command(epilog="Example: habitr-emulator logs --request 48f1b0c8-c1b1-4416-8659-07770e13c982 --curl")
@click.option("--request", "request_id", help="One request, by its x-amzn-requestid, with every step.")
@click.option("--curl", is_flag=True, help="That request as a curl command.")
@click.option("--limit", type=int, default=50, show_default=True, help="How many of the latest.")
@click.option("-f", "--follow", is_flag=True, help="Go on with each request that ends.")
@click.option("--har", type=click.Path(dir_okay=False, path_type=Path), help="Write them as an HTTP Archive.")
@json_option
@endpoint_option
def command(request_id: str | None, limit: int, as_json: bool, endpoint: str | None, **how: Any) -> None:
    """Show the latest requests, newest last; refused ones with the reason. Secrets are redacted."""
    if how["curl"] and not request_id:
        raise click.UsageError("--curl wants --request")
    if how["har"]:
        _write_archive(how["har"], request_id, limit, endpoint)
    elif request_id:
        _show_one(request_id, how["curl"], as_json, endpoint)
    else:
        requests = call(endpoint, "GET", "requests", limit=limit)["requests"]
        _show(list(reversed(requests)), as_json, lines=how["follow"])
        if how["follow"]:
            _follow(as_json, endpoint)


def _write_archive(path: Path, request_id: str | None, limit: int, endpoint: str | None) -> None:
    which = f"requests/{request_id}" if request_id else "requests"
    archive = call(endpoint, "GET", which, limit=limit, format="har")
    path.write_text(json.dumps(archive, indent=1))
    click.echo(f"{len(archive['log']['entries'])} requests are in {path}")


def _show_one(request_id: str, curl: bool, as_json: bool, endpoint: str | None) -> None:
    if curl:
        with opened(endpoint, "GET", f"requests/{request_id}", format="curl") as answer:
            click.echo(answer.read().decode(), nl=False)
        return
    found = call(endpoint, "GET", f"requests/{request_id}")
    click.echo(json.dumps(found, indent=2) if as_json else "\n".join(_tree(found, 0)))


def _follow(as_json: bool, endpoint: str | None) -> None:
    """Until Ctrl-C, or the emulator ends."""
    with opened(endpoint, "GET", "requests", patience=None, follow="") as answer:
        try:
            for line in filter(bytes.strip, answer):
                _show([json.loads(line)], as_json, lines=True)
        except (KeyboardInterrupt, OSError):
            return


def _show(requests: list[dict[str, Any]], as_json: bool, *, lines: bool = False) -> None:
    if as_json and not lines:
        click.echo(json.dumps(requests, indent=2))
        return
    for each in requests:
        click.echo(json.dumps(each) if as_json else _line(each))


def _line(span: dict[str, Any]) -> str:
    facts = span.get("facts", {})
    why = f"  {facts['why']}" if "why" in facts else ""
    what = span["name"] + _fields(facts)
    return f"{span['requestId']}  {facts.get('status', '')}  {span['milliseconds']:8.1f} ms  {what}{why}"


def _fields(facts: dict[str, Any]) -> str:
    """The root fields of a GraphQL operation."""
    fields = facts.get("fields", [])
    shown = [facts.get("operation", ""), *fields[:SHOWN_FIELDS], *(["..."] if len(fields) > SHOWN_FIELDS else [])]
    return " " + " ".join(shown) if fields else ""


def _tree(span: dict[str, Any], depth: int) -> list[str]:
    facts = " ".join(f"{name}={value}" for name, value in span.get("facts", {}).items())
    lines = [f"{'  ' * depth}{span['name']}  {span['milliseconds']} ms  {facts}".rstrip()]
    for step in span.get("steps", ()):
        lines += _tree(step, depth + 1)
    return lines
