"""What clients are configured with, for projects with and without each part."""

import json
from pathlib import Path
from typing import Any

import pytest

from habitr_emulator.amplify.client_config import client_config
from habitr_emulator.amplify.client_formats import FORMATS, HOSTS, TARGETS, render
from habitr_emulator.amplify.project import load
from tests.conftest import PACKAGE

FIXTURES = PACKAGE.parent / "fixtures"
PROJECTS = {path.name: path for path in (FIXTURES / "habitr", *sorted((FIXTURES / "projects").iterdir()))}
ENDPOINT = "http://localhost:4566"


def written(project: Path, form: str, target: str = "web", hosts: str = "local") -> str:
    backend = load(project)
    config = {**client_config(backend, ENDPOINT, {"test": "test"}), "ca_pem": "PEM", "ca_file": "/ca.pem"}
    return render(form, backend, config, target, hosts)


def outputs(name: str, target: str = "web", hosts: str = "local") -> Any:
    return json.loads(written(PROJECTS[name], "outputs", target, hosts))


@pytest.mark.parametrize("name", PROJECTS)
@pytest.mark.parametrize("form", FORMATS)
def test_every_format_can_be_written_of_every_project(name: str, form: str) -> None:
    for target in TARGETS:
        for hosts in HOSTS:
            text = written(PROJECTS[name], form, target, hosts)
            assert text.endswith("\n")
            assert "None" not in text
            if form in ("amplify", "outputs"):
                assert json.loads(text)


@pytest.mark.parametrize("form", FORMATS)
def test_a_project_with_nothing_has_a_configuration_with_nothing(tmp_path: Path, form: str) -> None:
    (tmp_path / "amplify" / "backend").mkdir(parents=True)
    (tmp_path / "amplify" / "backend" / "backend-config.json").write_text("{}")
    assert "None" not in written(tmp_path, form)


def test_a_pool_by_mail_says_so() -> None:
    auth = outputs("todo")["auth"]
    assert auth["username_attributes"] == ["email"]
    assert auth["groups"] == [{"Admins": {"precedence": 1}}, {"Editors": {"precedence": 2}}]
    exports = written(PROJECTS["todo"], "js")
    assert '"aws_cognito_username_attributes": [\n        "EMAIL"\n    ]' in exports


def test_a_project_without_a_hosted_ui_has_no_oauth() -> None:
    assert "oauth" not in outputs("shop")["auth"]
    assert "oauth" in outputs("habitr")["auth"]


def test_modes_are_the_default_and_the_others() -> None:
    data = outputs("shop")["data"]
    assert (data["default_authorization_type"], data["authorization_types"]) == (
        "AMAZON_COGNITO_USER_POOLS",
        ["AWS_IAM"],
    )
    assert "api_key" not in data
    assert "storage" not in outputs("chat")


def test_with_awss_hosts_nothing_names_the_emulator() -> None:
    for form in ("amplify", "outputs", "js"):
        assert "localhost" not in written(PROJECTS["habitr"], form, hosts="aws")
