"""The transformer against recorded cases: what Amplify's own makes of a schema, or how it refuses.

Two schemas mean the same if only order, descriptions and AWS's own scalars and directives differ.
"""

import json
import lzma
from pathlib import Path
from typing import Any

import pytest
from graphql import parse
from graphql import print_ast as print_node

from habitr_emulator.amplify.transform.transformer import schema_sdl
from habitr_emulator.kernel.errors import ProjectError

_ROOT = Path(__file__).resolve().parents[2]
#: The cases that travel with the tests, and the full set if it lies beside the repository.
_SETS = [_ROOT / "tests" / "data" / "oracle", _ROOT.parent / "shared" / "oracle"]
_CASES = [case for found in _SETS for case in sorted(found.glob("cases/v[12]-*"))]

_GENERATED = _ROOT / "tests" / "data" / "transformer"
_PARTS = 10

_AWS_SCALARS = frozenset(
    [
        "AWSDate",
        "AWSTime",
        "AWSDateTime",
        "AWSTimestamp",
        "AWSEmail",
        "AWSJSON",
        "AWSURL",
        "AWSPhone",
        "AWSIPAddress",
    ]
)


def differences(wanted: str, got: str) -> list[str]:
    """What is missing, extra or different; empty when both mean the same."""
    want, have = _model(wanted), _model(got)
    lines = [f"missing {path}: {want[path]}" for path in want if path not in have]
    lines += [f"extra {path}: {have[path]}" for path in have if path not in want]
    lines += [
        f"different {path}: want {want[path]}, got {have[path]}"
        for path in want
        if path in have and want[path] != have[path]
    ]
    return sorted(lines)


def _model(sdl: str) -> dict[str, Any]:
    """Every definition, field, argument, enum value and member under its path."""
    found: dict[str, Any] = {}
    for node in parse(sdl, no_location=True).definitions:
        name = getattr(getattr(node, "name", None), "value", "schema")
        if node.kind == "directive_definition" or name in _AWS_SCALARS:
            continue
        kind = node.kind.replace("_extension", "_definition")
        found.setdefault(name, [kind, set()])[1].update(_directives(node))
        for field in getattr(node, "fields", None) or ():
            found[f"{name}.{field.name.value}"] = _field(field)
            for argument in getattr(field, "arguments", None) or ():
                found[f"{name}.{field.name.value}({argument.name.value})"] = _field(argument)
        for value in getattr(node, "values", None) or ():
            found[f"{name}.{value.name.value}"] = _directives(value)
        for member in [*(getattr(node, "types", None) or ()), *(getattr(node, "interfaces", None) or ())]:
            found[f"{name}|{member.name.value}"] = True
    return found


def _field(node: Any) -> tuple[str, str, frozenset[str]]:
    default = getattr(node, "default_value", None)
    return print_node(node.type), print_node(default) if default else "", _directives(node)


def _directives(node: Any) -> frozenset[str]:
    return frozenset(_directive(item) for item in node.directives or ())


def _directive(item: Any) -> str:
    arguments = sorted(
        f"{argument.name.value}: {sorted(map(print_node, argument.value.values))}"
        if argument.value.kind == "list_value"
        else print_node(argument)
        for argument in item.arguments or ()
    )
    return f"@{item.name.value}({', '.join(arguments)})"


def _case(folder: Path) -> dict[str, Any]:
    case: dict[str, Any] = json.loads((folder / "case.json").read_text())
    flags: dict[str, Any] = {}
    if "flags" in case:
        file = folder.parents[1] / "flags" / f"{case['flags']}.json"
        flags = json.loads(file.read_text())["features"]["graphqltransformer"]
    return {**case, "flags": {**flags, **case.get("overrides", {})}}


def _name(line: str) -> str:
    return str(json.loads(line)["name"])


@pytest.mark.parametrize("folder", _CASES, ids=lambda folder: f"{folder.parents[2].name}/{folder.name}")
def test_a_schema_becomes_what_amplify_makes_of_it(folder: Path) -> None:
    text, case = (folder / "schema.graphql").read_text(), _case(folder)
    if (folder / "expected-error.json").exists():
        wanted = json.loads((folder / "expected-error.json").read_text())["message"]
        with pytest.raises(ProjectError) as refused:
            schema_sdl(text, case)
        assert refused.value.reason == wanted
        assert refused.value.line > 0
    else:
        assert differences((folder / "expected.graphql").read_text(), schema_sdl(text, case)) == []


@pytest.mark.parametrize("part", range(_PARTS))
def test_generated_schemas_are_accepted_as_amplify_accepts_them(part: int) -> None:
    """Schemas written for these tests, and what the published packages made of them."""
    text = lzma.decompress((_GENERATED / "accepted.jsonl.xz").read_bytes()).decode()
    rows = [json.loads(line) for line in text.splitlines()[part::_PARTS]]
    found = {row["name"]: differences(row["sdl"], schema_sdl(row["schema"], row["case"])) for row in rows}
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert len(found) > 400 / _PARTS


@pytest.mark.parametrize("line", (_GENERATED / "refused.jsonl").read_text().splitlines(), ids=_name)
def test_generated_schemas_are_refused_as_amplify_refuses_them(line: str) -> None:
    row = json.loads(line)
    with pytest.raises(ProjectError) as refused:
        schema_sdl(row["schema"], row["case"])
    assert refused.value.reason == row["refused"]


def test_the_comparison_sees_a_missing_field_and_a_changed_directive() -> None:
    found = differences("type A @aws_iam { x: Int y: [ID!] }", "type A { x: Int }")
    assert [line.split(":")[0] for line in found] == ["different A", "missing A.y"]


def test_the_habitr_project_has_the_recorded_schema() -> None:
    api = _ROOT / "fixtures" / "habitr" / "amplify" / "backend" / "api" / "habitr"
    folder = _SETS[0] / "cases" / "v2-habitr"
    got = schema_sdl(api / "schema.graphql", _case(folder))
    assert differences((folder / "expected.graphql").read_text(), got) == []
