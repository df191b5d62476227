"""Settings: file < environment < flag, and every bad value named with its origin."""

import re
from pathlib import Path
from typing import Any

import pytest

from habitr_emulator.settings import Settings, SettingsError, resolve


def test_nothing_given_is_the_default(tmp_path: Path) -> None:
    assert resolve({}, {}, tmp_path) == Settings()
    assert Settings().administrator_keys == {"test": "test"}


def test_a_flag_wins_over_a_variable_over_the_file(tmp_path: Path) -> None:
    (tmp_path / "habitr.toml").write_text('port = 1\nregion = "eu-west-1"\nhost = "127.0.0.1"\n')
    found = resolve({"port": 3}, {"HABITR_PORT": "2", "HABITR_HOST": "0.0.0.0"}, tmp_path)
    assert (found.port, found.host, found.region) == (3, "0.0.0.0", "eu-west-1")


def test_the_file_lies_beside_the_project(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "habitr.toml").write_text("port = 7")
    (tmp_path / "habitr.toml").write_text("port = 8")
    assert resolve({"project": str(project)}, {}, tmp_path).port == 7
    assert resolve({}, {"HABITR_PROJECT": str(project)}, tmp_path).project == project
    assert resolve({}, {}, tmp_path).port == 8


def test_keys_of_the_file_are_added_to_the_known_one(tmp_path: Path) -> None:
    (tmp_path / "habitr.toml").write_text('[administrator_keys]\nAKIA = "secret"\n')
    assert resolve({}, {}, tmp_path).administrator_keys == {"test": "test", "AKIA": "secret"}
    given = resolve({}, {"HABITR_ADMINISTRATOR_KEYS": "x"}, tmp_path)
    assert "x" not in given.administrator_keys


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("TRUE", True), ("yes", True), ("0", False), ("", False)]
)
def test_switches_are_read_as_people_write_them(tmp_path: Path, text: str, value: bool) -> None:
    assert resolve({}, {"HABITR_MEMORY": text}, tmp_path).memory is value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "many"),
        ("port", "-1"),
        ("tls_port", "65536"),
        ("memory", "perhaps"),
        ("durable", "2"),
        ("auth", "lax"),
        ("issuer", "me"),
        ("account_id", "123"),
        ("account_id", "12345678901x"),
    ],
)
def test_a_bad_value_is_named_with_its_origin(tmp_path: Path, name: str, value: str) -> None:
    variable = f"HABITR_{name.upper()}"
    with pytest.raises(SettingsError, match=f"{name} .*{variable}.*: {re.escape(value)}"):
        resolve({}, {variable: value}, tmp_path)
    with pytest.raises(SettingsError, match=f"--{name.replace('_', '-')}"):
        resolve({name: value}, {}, tmp_path)


@pytest.mark.parametrize(
    "content", [b"port = 'x'", b"prot = 1", b"[", b"\xff", b"administrator_keys = 7", b"memory = [1]"]
)
def test_a_bad_file_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "habitr.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=r"habitr\.toml"):
        resolve({}, {}, tmp_path)


def test_an_unknown_variable_is_nobodys_business(tmp_path: Path) -> None:
    known: dict[str, Any] = {"HABITR_ENDPOINT": "http://x", "HABITR_LOG": "DEBUG"}
    assert resolve({}, known, tmp_path) == Settings()
