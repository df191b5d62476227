"""``up --watch``: files are edited while the emulator runs, and real requests meet what became of it."""

import json
import shutil
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import PATIENCE, ROOT, Running

HABITR = ROOT / "fixtures" / "habitr"
SCHEMA = """type Thing @model @auth(rules: [{ allow: public }]) {
  id: ID!
  title: String!
  rank: Int
}
"""
CREATE = 'mutation { createThing(input: { id: "t1", title: "one" }) { id } }'
GET = '{ getThing(id: "t1") { title } }'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one open model and nothing of its own."""
    folder = tmp_path / "project"
    shutil.copytree(HABITR, folder, ignore=shutil.ignore_patterns("resolvers", "pipelineFunctions", "stacks"))
    schema_of(folder).write_text(SCHEMA)
    return folder


def schema_of(project: Path) -> Path:
    return project / "amplify" / "backend" / "api" / "habitr" / "schema.graphql"


def begin(start_emulator: Callable[..., Running], project: Path, *flags: str) -> Running:
    return start_emulator("--memory", "--no-seed", "--port", "0", "--watch", *flags, "--project", str(project))


def ask(emulator: Running, query: str) -> dict[str, Any]:
    headers = {"content-type": "application/json", "x-api-key": emulator.config["graphql_api_key"]}
    body = json.dumps({"query": query}).encode()
    request = urllib.request.Request(emulator.config["graphql_url"], body, headers)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        found: dict[str, Any] = json.load(answer)
        return found


def told(emulator: Running, beginning: str) -> str:
    """The next line that begins so."""
    assert emulator.process.stdout is not None
    for line in emulator.process.stdout:
        if line.startswith(beginning):
            return line.rstrip()
    raise AssertionError(f"it ended without saying: {beginning}")


def test_an_added_index_is_filled_and_a_removed_field_is_gone(
    start_emulator: Callable[..., Running], project: Path
) -> None:
    emulator = begin(start_emulator, project)
    ask(emulator, CREATE)
    indexed = 'title: String! @index(name: "byTitle", queryField: "thingsByTitle")'
    schema_of(project).write_text(SCHEMA.replace("title: String!", indexed).replace("  rank: Int\n", ""))
    assert told(emulator, "Reloaded:") == "Reloaded: backend/api/habitr/schema.graphql"
    assert told(emulator, "  index byTitle of Thing-").endswith("is filled from its 1 items")
    found = ask(emulator, '{ thingsByTitle(title: "one") { items { id } } }')
    assert found == {"data": {"thingsByTitle": {"items": [{"id": "t1"}]}}}
    (error,) = ask(emulator, '{ getThing(id: "t1") { rank } }')["errors"]
    assert "FieldUndefined: Field 'rank'" in error["message"]


def test_an_invalid_schema_keeps_the_old_api_and_says_where(
    start_emulator: Callable[..., Running], project: Path
) -> None:
    emulator = begin(start_emulator, project)
    ask(emulator, CREATE)
    schema_of(project).write_text(SCHEMA + "type Other @model {\n  x: Zork\n}\n")
    line = told(emulator, "Not reloaded")
    assert line.startswith(f"Not reloaded, what ran goes on: {schema_of(project)}:7:6: Schema validation failed.")
    assert ask(emulator, GET) == {"data": {"getThing": {"title": "one"}}}
    schema_of(project).write_text(SCHEMA.replace("rank: Int", "rank: Float"))
    told(emulator, "Reloaded:")
    assert ask(emulator, GET) == {"data": {"getThing": {"title": "one"}}}


def test_a_changed_key_is_explained_and_not_done_unasked(
    start_emulator: Callable[..., Running], project: Path
) -> None:
    emulator = begin(start_emulator, project)
    ask(emulator, CREATE)
    schema_of(project).write_text(SCHEMA.replace("title: String!", "title: String! @primaryKey"))
    line = told(emulator, "Not reloaded")
    assert "changes from id (S) to title (S): its one item would be lost" in line
    assert "--allow-destructive-graphql-schema-updates" in line
    assert ask(emulator, GET) == {"data": {"getThing": {"title": "one"}}}


def test_a_changed_key_is_done_where_it_is_allowed(start_emulator: Callable[..., Running], project: Path) -> None:
    emulator = begin(start_emulator, project, "--allow-destructive-graphql-schema-updates")
    ask(emulator, CREATE)
    schema_of(project).write_text(SCHEMA.replace("title: String!", "title: String! @primaryKey"))
    told(emulator, "Reloaded:")
    assert ask(emulator, '{ getThing(title: "one") { id } }') == {"data": {"getThing": None}}
    made = ask(emulator, 'mutation { createThing(input: { id: "t2", title: "two" }) { id title } }')
    assert made == {"data": {"createThing": {"id": "t2", "title": "two"}}}


def test_a_template_that_comes_and_goes_changes_the_resolver(
    start_emulator: Callable[..., Running], project: Path
) -> None:
    emulator = begin(start_emulator, project)
    ask(emulator, CREATE)
    template = schema_of(project).parent / "resolvers" / "Query.getThing.preAuth.1.req.vtl"
    template.parent.mkdir()
    template.write_text('$util.error("closed for today")')
    assert told(emulator, "Reloaded:").endswith("resolvers/Query.getThing.preAuth.1.req.vtl")
    (error,) = ask(emulator, GET)["errors"]
    assert error["message"] == "closed for today"
    template.unlink()
    told(emulator, "Reloaded:")
    assert ask(emulator, GET) == {"data": {"getThing": {"title": "one"}}}


def test_a_reset_after_a_reload_keeps_what_the_project_has_now(
    start_emulator: Callable[..., Running], project: Path
) -> None:
    running = begin(start_emulator, project)
    schema_of(project).write_text(SCHEMA + SCHEMA.replace("Thing", "Other"))
    told(running, "Reloaded: ")
    reset = urllib.request.Request(f"{running.endpoint}/_habitr/reset", method="POST")
    with urllib.request.urlopen(reset, timeout=PATIENCE) as answer:
        assert json.load(answer) == {"reset": True}
    assert ask(running, CREATE.replace("Thing", "Other"))["data"] == {"createOther": {"id": "t1"}}
