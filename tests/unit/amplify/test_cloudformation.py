"""CloudFormation's intrinsic functions."""

from typing import Any

import pytest

from habitr_emulator.amplify.cloudformation import Template
from habitr_emulator.kernel.errors import ProjectError

BODY = {
    "Parameters": {"size": {"Default": "3"}},
    "Mappings": {"Map": {"dev": {"x": "small"}}},
    "Conditions": {
        "Dev": {"Fn::Equals": [{"Ref": "env"}, "dev"]},
        "NotDev": {"Fn::Not": [{"Condition": "Dev"}]},
    },
    "Resources": {
        "A": {"Type": "T", "Properties": {"Name": {"Fn::Sub": "a-${env}"}}},
        "B": {"Type": "T", "Condition": "NotDev", "Properties": {}},
    },
}


def template(**more: Any) -> Template:
    return Template(BODY, {"env": "dev", "AWS::Region": "us-east-1"}, "t.json", **more)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"Ref": "env"}, "dev"),
        ({"Ref": "size"}, "3"),
        ({"Fn::Join": ["-", ["a", {"Ref": "env"}]]}, "a-dev"),
        ({"Fn::Sub": ["${x}:${env}:${!raw}", {"x": "y"}]}, "y:dev:${raw}"),
        ({"Fn::If": ["Dev", "yes", "no"]}, "yes"),
        ({"Fn::Select": [1, {"Fn::Split": [",", "a,b"]}]}, "b"),
        ({"Fn::FindInMap": ["Map", {"Ref": "env"}, "x"]}, "small"),
        ({"keep": {"Ref": "AWS::NoValue"}, "other": 1}, {"other": 1}),
        ({"Fn::GetAtt": ["A", "Arn"]}, "arn:A"),
        ({"Fn::ImportValue": {"Fn::Sub": "${env}:Name"}}, "imported"),
    ],
)
def test_an_intrinsic_function_gives_its_value(given: Any, wanted: Any) -> None:
    found = template(
        attributes=lambda name, attribute: f"arn:{name}",
        imports=lambda name: "imported" if name == "dev:Name" else None,
    )
    assert found.resolve(given) == wanted


def test_resources_whose_condition_is_false_are_left_out() -> None:
    assert [(name, given) for name, _, given in template().resources()] == [("A", {"Name": "a-dev"})]


@pytest.mark.parametrize("given", [{"Ref": "nobody"}, {"Fn::ImportValue": "x"}, {"Fn::Transform": {}}])
def test_what_cannot_be_resolved_names_the_file(given: Any) -> None:
    with pytest.raises(ProjectError) as error:
        template().resolve(given)
    assert error.value.file == "t.json"
