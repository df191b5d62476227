"""What a DataStore client sends, over HTTP: versions, conflicts, deletions and the sync queries, in either
version of the transformer.

https://docs.aws.amazon.com/appsync/latest/devguide/conflict-detection-and-sync.html
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import ROOT, Running
from tests.journeys.people import api_key, graphql

SCHEMA = "type Note @model @auth(rules: [{ allow: public }]) { id: ID! title: String body: String tags: [String] }"
FIELDS = "id title body tags _version _deleted _lastChangedAt"


class Notes:
    """The API of one model, called with the API key."""

    def __init__(self, emulator: Running) -> None:
        self.emulator = emulator

    def __call__(self, query: str) -> dict[str, Any]:
        _, found = graphql(self.emulator, query, headers=api_key(self.emulator))
        return found

    def write(self, verb: str, given: str) -> dict[str, Any]:
        return self(f"mutation {{ {verb}Note(input: {{ {given} }}) {{ {FIELDS} }} }}")

    def synced(self, given: str = "") -> dict[str, Any]:
        arguments = f"({given})" if given else ""
        found = self(f"{{ syncNotes{arguments} {{ items {{ {FIELDS} }} nextToken startedAt }} }}")
        page: dict[str, Any] = found["data"]["syncNotes"]
        return page


@pytest.fixture(params=["habitr-v1", "habitr"])
def begin(
    request: pytest.FixtureRequest, start_emulator: Callable[..., Running], tmp_path: Path
) -> Callable[[str], Notes]:
    """Start a project of either version, with a conflict handler."""

    def start(handler: str) -> Notes:
        shutil.copytree(
            ROOT / "fixtures" / request.param,
            tmp_path / "project",
            ignore=shutil.ignore_patterns("resolvers", "pipelineFunctions", "stacks"),
        )
        api = tmp_path / "project" / "amplify" / "backend" / "api" / "habitr"
        (api / "schema.graphql").write_text(SCHEMA)
        rules = {"project": {"ConflictHandler": handler, "ConflictDetection": "VERSION"}}
        (api / "transform.conf.json").write_text(json.dumps({"Version": 5, "ResolverConfig": rules}))
        flags = ("--memory", "--no-seed", "--port", "0", "--project", str(tmp_path / "project"))
        return Notes(start_emulator(*flags))

    return start


def test_automerge_keeps_what_both_have_written(begin: Callable[[str], Notes]) -> None:
    notes = begin("AUTOMERGE")
    made = notes.write("create", 'id: "n1" title: "one" tags: ["a"]')["data"]["createNote"]
    assert (made["_version"], made["_deleted"]) == (1, None)
    first = notes.write("update", 'id: "n1" title: "first" _version: 1')["data"]["updateNote"]
    assert (first["title"], first["_version"]) == ("first", 2)
    stale = notes.write("update", 'id: "n1" title: "second" body: "text" tags: ["b"] _version: 1')
    merged = stale["data"]["updateNote"]
    # what changed since then wins, except in lists, which are joined
    assert (merged["title"], merged["body"], merged["_version"]) == ("first", "text", 3)
    assert sorted(merged["tags"]) == ["a", "b"]


def test_optimistic_concurrency_refuses_a_stale_version_and_says_what_is_stored(
    begin: Callable[[str], Notes],
) -> None:
    notes = begin("OPTIMISTIC_CONCURRENCY")
    notes.write("create", 'id: "n1" title: "one"')
    notes.write("update", 'id: "n1" title: "two" _version: 1')
    (error,) = notes.write("update", 'id: "n1" title: "three" _version: 1')["errors"]
    assert error["errorType"] == "ConflictUnhandled"
    assert (error["data"]["title"], error["data"]["_version"]) == ("two", 2)
    (error,) = notes.write("delete", 'id: "n1" _version: 1')["errors"]
    assert error["errorType"] == "ConflictUnhandled"
    gone = notes.write("delete", 'id: "n1" _version: 2')["data"]["deleteNote"]
    assert (gone["_deleted"], gone["_version"]) == (True, 3)


def test_the_sync_query_pages_and_then_tells_only_what_changed(begin: Callable[[str], Notes]) -> None:
    notes = begin("AUTOMERGE")
    for number in range(5):
        notes.write("create", f'id: "n{number}" title: "{number}"')
    page, seen = notes.synced("limit: 2"), list[str]()
    while True:
        seen += [item["id"] for item in page["items"]]
        if not page["nextToken"]:
            break
        page = notes.synced(f"limit: 2, nextToken: {json.dumps(page['nextToken'])}")
    assert sorted(seen) == [f"n{number}" for number in range(5)]
    since = notes.synced()["startedAt"]
    notes.write("update", 'id: "n3" title: "new" _version: 1')
    notes.write("delete", 'id: "n4" _version: 1')
    changed = {item["id"]: item for item in notes.synced(f"lastSync: {since}")["items"]}
    assert {"n3", "n4"} <= changed.keys()
    assert (changed["n3"]["title"], changed["n3"]["_version"]) == ("new", 2)
    assert (changed["n4"]["_deleted"], changed["n4"]["_version"]) == (True, 2)
    assert all(item["_lastChangedAt"] >= since for item in changed.values())
