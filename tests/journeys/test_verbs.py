"""The verbs that ask a running emulator, and those that need none."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.conftest import ROOT, Running
from tests.journeys.people import PASSWORD, code_for, new_name, sign_up


def habitr(*arguments: str, code: int = 0) -> str:
    """The output of a verb that must exit with ``code``; of a failing one, what it said on stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "habitr_emulator", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stderr if code else done.stdout


def test_the_inbox_gives_codes(emulator: Running) -> None:
    name = sign_up(emulator)
    code = habitr("inbox", "--endpoint", emulator.endpoint, "--to", name, "--code").strip()
    assert code.isdigit()
    assert len(code) == 6
    listed = json.loads(habitr("inbox", "--endpoint", emulator.endpoint, "--to", name, "--json"))
    assert [message["code"] for message in listed] == [code]
    assert "no message" in habitr(
        "inbox", "--endpoint", emulator.endpoint, "--to", new_name("x"), "--code", code=1
    )


def test_the_log_shows_a_request_with_its_steps(emulator: Running) -> None:
    name, pool = new_name("user"), emulator.client("cognito-idp")
    user = {"ClientId": emulator.config["app_client_id"], "Username": name}
    pool.sign_up(**user, Password=PASSWORD, UserAttributes=[{"Name": "email", "Value": f"{name}@example.com"}])
    confirmed = pool.confirm_sign_up(**user, ConfirmationCode=code_for(emulator, name))
    request_id = confirmed["ResponseMetadata"]["RequestId"]
    lines = habitr("logs", "--endpoint", emulator.endpoint).splitlines()
    assert any("ConfirmSignUp" in line for line in lines if line.startswith(request_id))
    assert "lambda_.invoke" in habitr("logs", "--endpoint", emulator.endpoint, "--request", request_id)


def test_the_certificate_is_exported(emulator: Running, tmp_path: Path) -> None:
    target = tmp_path / "ca.pem"
    habitr("ca", "export", "--endpoint", emulator.endpoint, "--write", str(target))
    assert target.read_text() == emulator.config["ca_pem"]
    assert habitr("ca", "export", "--endpoint", emulator.endpoint) == emulator.config["ca_pem"]


def test_the_clock_is_shown(emulator: Running) -> None:
    assert json.loads(habitr("clock", "show", "--json", "--endpoint", emulator.endpoint))["frozen"] is False
    assert "no time" in habitr("clock", "set", "yesterday", "--endpoint", emulator.endpoint, code=2)


def test_a_verb_says_when_nothing_runs() -> None:
    assert "habitr-emulator up" in habitr("reset", "--endpoint", "http://localhost:1", code=1)
    assert "this is none: ftp://x" in habitr("reset", "--endpoint", "ftp://x", code=2)


def test_the_schema_is_printed_and_refused_with_its_place(tmp_path: Path) -> None:
    assert "createHabit(input: CreateHabitInput!" in habitr("schema", "print")
    accepted = tmp_path / "schema.graphql"
    accepted.write_text("type A @model @auth(rules: [{allow: public}]) { a: String }")
    assert "accepted" in habitr("schema", "check", str(accepted))
    refused = tmp_path / "refused.graphql"
    refused.write_text("type A @model {\n  a: String @hasMany\n}")
    assert f"{refused}:2:" in habitr("schema", "check", str(refused), code=4)


@pytest.mark.parametrize(
    ("template", "context", "shown"),
    [
        ("$util.toJson($ctx.args)", {"arguments": {"a": 1}}, '{"a":1}'),
        ("#return([1])", {}, "[\n  1\n]"),
    ],
)
def test_a_template_is_rendered(tmp_path: Path, template: str, context: dict[str, object], shown: str) -> None:
    (tmp_path / "t.vtl").write_text(template)
    (tmp_path / "c.json").write_text(json.dumps(context))
    assert habitr("vtl", str(tmp_path / "t.vtl"), "--context", str(tmp_path / "c.json")).strip() == shown
