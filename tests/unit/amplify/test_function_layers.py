"""Layers and schedules of a project's functions."""

import json
from pathlib import Path
from typing import Any

import pytest

from habitr_emulator.amplify.project import load
from habitr_emulator.services.lambda_.spec import Function


def function_template(layers: Any, rule: dict[str, Any]) -> dict[str, Any]:
    function = {
        "FunctionName": "greet-dev",
        "Runtime": "nodejs20.x",
        "Handler": "index.handler",
        "Layers": layers,
        "Role": "arn:aws:iam::000000000000:role/none",
    }
    return {
        "Parameters": {"env": {"Type": "String"}, "functionsharedArn": {"Type": "String"}},
        "Resources": {
            "LambdaFunction": {"Type": "AWS::Lambda::Function", "Properties": function},
            "CloudWatchEvent": {"Type": "AWS::Events::Rule", "Properties": rule},
        },
    }


@pytest.fixture
def project(tmp_path: Path) -> Path:
    backend = tmp_path / "amplify" / "backend"
    layer = backend / "function" / "shared"
    (layer / "lib" / "nodejs" / "node_modules").mkdir(parents=True)
    (layer / "opt").mkdir()
    (layer / "layer-configuration.json").write_text('{"runtimes": []}')
    (backend / "function" / "greet" / "src").mkdir(parents=True)
    dependency = {"category": "function", "resourceName": "shared", "attributes": ["Arn"]}
    config = {
        "function": {
            "shared": {"service": "LambdaLayer", "build": True},
            "greet": {"service": "Lambda", "dependsOn": [dependency]},
        }
    }
    (backend / "backend-config.json").write_text(json.dumps(config))
    return tmp_path


def greet(project: Path, layers: Any, rule: dict[str, Any]) -> tuple[Function, list[str]]:
    path = project / "amplify" / "backend" / "function" / "greet" / "greet-cloudformation-template.json"
    path.write_text(json.dumps(function_template(layers, rule)))
    backend = load(project)
    return backend.functions[0], [str(note) for note in backend.notes]


def test_a_function_has_the_layers_of_its_project(project: Path) -> None:
    function, notes = greet(project, [{"Ref": "functionsharedArn"}], {"ScheduleExpression": "rate(5 minutes)"})
    layer = project / "amplify" / "backend" / "function" / "shared"
    assert function.layers == (layer / "opt", layer / "lib")
    assert function.schedules == ("rate(5 minutes)",)
    assert notes == []


def test_a_foreign_layer_is_told(project: Path) -> None:
    arn = "arn:aws:lambda:us-east-1:123456789012:layer:ffmpeg:3"
    rule = {"ScheduleExpression": "rate(5 minutes)", "State": "DISABLED"}
    function, notes = greet(project, [arn], rule)
    assert function.schedules == ()
    assert [note for note in notes if "ffmpeg" in note] == notes
    assert notes
