"""The command line as a user meets it: what it prints, how it ends, and where settings come from."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.conftest import PATIENCE, ROOT, Running, free_port, start, stop
from tests.journeys.people import sign_up

FIXTURE = ROOT / "fixtures" / "habitr"
VARIABLES_TEXT = """
    AWS_ENDPOINT_URL AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_DEFAULT_REGION AWS_CA_BUNDLE
    NODE_EXTRA_CA_CERTS HABITR_ENDPOINT HABITR_REGION HABITR_USER_POOL_ID HABITR_APP_CLIENT_ID
    HABITR_SCRIPT_CLIENT_ID HABITR_IDENTITY_POOL_ID HABITR_GRAPHQL_URL HABITR_GRAPHQL_API_KEY
    HABITR_BUCKET HABITR_REST_URL HABITR_PINPOINT_APP_ID
"""
VARIABLES = set(VARIABLES_TEXT.split())


def command(folder: Path, *words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """One run of the command line in ``folder``, with no variables but its own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "HABITR_"))}
    return subprocess.run(
        [sys.executable, "-m", "habitr_emulator", *words],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def project(folder: Path, schema: Callable[[str], str] = str) -> Path:
    """A copy of Habitr with its schema changed."""
    copy = folder / "project"
    shutil.copytree(FIXTURE, copy)
    file = copy / "amplify" / "backend" / "api" / "habitr" / "schema.graphql"
    file.write_text(schema(file.read_text()))
    return copy


def test_up_prints_how_to_connect_and_ready_last(emulator: Running) -> None:
    text = "\n".join(emulator.greeting)
    assert emulator.greeting[-1] == "Ready."
    for name in ("endpoint", "graphql_url", "user_pool_id", "graphql_api_key", "bucket", "version"):
        assert emulator.config[name] in text
    assert "\033" not in text


def test_status_as_json_is_the_config(emulator: Running, tmp_path: Path) -> None:
    done = command(tmp_path, "status", "-o", "json", "--endpoint", emulator.endpoint)
    assert (done.returncode, json.loads(done.stdout)) == (0, emulator.config)
    named = command(tmp_path, "status", "-o", "json", HABITR_ENDPOINT=emulator.endpoint)
    assert named.stdout == done.stdout


def test_status_as_env_is_eaten_by_a_shell(emulator: Running, tmp_path: Path) -> None:
    done = command(tmp_path, "status", "-o", "env", "--endpoint", emulator.endpoint)
    shell = subprocess.run(
        ["sh", "-c", f"{done.stdout}\nenv"],
        env={"PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found = dict(line.partition("=")[::2] for line in shell.stdout.splitlines())
    assert set(found) >= VARIABLES
    assert found["AWS_ENDPOINT_URL"] == found["HABITR_ENDPOINT"] == emulator.endpoint
    assert found["HABITR_USER_POOL_ID"] == emulator.config["user_pool_id"]
    assert Path(found["AWS_CA_BUNDLE"]).read_text() == emulator.config["ca_pem"]


def test_status_as_table_shows_the_ids(emulator: Running, tmp_path: Path) -> None:
    done = command(tmp_path, "status", "--endpoint", emulator.endpoint, COLUMNS="200")
    assert done.returncode == 0
    assert emulator.config["user_pool_id"] in done.stdout
    assert "BEGIN CERTIFICATE" not in done.stdout


def test_status_ends_with_1_when_nothing_runs(tmp_path: Path) -> None:
    done = command(tmp_path, "status", "--endpoint", f"http://localhost:{free_port()}")
    assert done.returncode == 1
    assert "habitr-emulator up" in done.stderr
    assert done.stdout == ""


def test_exec_exports_every_variable_and_serves_boto3(tmp_path: Path) -> None:
    script = (
        "import boto3, json, os;"
        "print(json.dumps([dict(os.environ), boto3.client('dynamodb').list_tables()['TableNames'],"
        "boto3.client('sts').get_caller_identity()['Account']]))"
    )
    done = command(tmp_path, "exec", "--", sys.executable, "-c", script)
    assert done.returncode == 0, done.stderr
    environment, tables, account = json.loads(done.stdout)
    assert set(environment) >= VARIABLES
    assert any(name.startswith("Habit-") for name in tables)
    assert account == "000000000000"
    assert not Path(environment["AWS_CA_BUNDLE"]).exists()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("end", "code"), [("sys.exit(7)", 7), ("os.kill(os.getpid(), 15)", 143), ("None", 0)])
def test_exec_ends_as_its_command_did(tmp_path: Path, end: str, code: int) -> None:
    done = command(tmp_path, "exec", "--", sys.executable, "-c", f"import os, sys; {end}")
    assert done.returncode == code


def test_exec_of_a_command_that_is_not_there_says_so(tmp_path: Path) -> None:
    done = command(tmp_path, "exec", "--", "no-such-command-at-all")
    assert done.returncode == 1
    assert "no-such-command-at-all" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_exec_passes_its_own_end_on_to_the_command(tmp_path: Path, number: signal.Signals) -> None:
    script = "import os, time; print(os.getpid(), os.environ['AWS_CA_BUNDLE'], flush=True); time.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "-m", "habitr_emulator", "exec", "--", sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        pid, ca_file = running.stdout.readline().split()
        running.send_signal(number)
        _, errors = running.communicate(timeout=PATIENCE)
    assert running.returncode in (130, 143, 1)
    assert "habitr_emulator" not in errors
    assert not Path(ca_file).exists()
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_up_ends_quietly_when_it_is_told_to(tmp_path: Path, number: signal.Signals) -> None:
    running = start(tmp_path, "--memory", "--port", "0")
    running.process.send_signal(number)
    assert running.process.wait(PATIENCE) == 0
    assert running.process.stdout is not None
    running.process.stdout.close()


BROKEN: list[tuple[Callable[[str], str], str, str]] = [
    (
        lambda text: text.replace("type Comment\n", "type Comment {{\n", 1),
        "type Comment",
        "Syntax|Expected|expected",
    ),
    (lambda text: text.replace('sortKeyFields: ["ups"]', 'sortKeyFields: ["nope"]', 1), "sortKeyFields", "nope"),
    (lambda text: text.replace('indexName: "habitsByUser"', 'indexName: "byNobody"', 1), "byNobody", "byNobody"),
    (lambda text: text.replace("author: User @belongsTo", "author: Nobody @belongsTo", 1), "Nobody", "Nobody"),
]


@pytest.mark.parametrize(("change", "at", "why"), BROKEN, ids=["syntax", "field", "index", "type"])
def test_an_invalid_schema_ends_with_4_the_place_and_the_reason(
    tmp_path: Path, change: Callable[[str], str], at: str, why: str
) -> None:
    folder = project(tmp_path, change)
    done = command(tmp_path, "up", "--memory", "--port", "0", "--project", str(folder))
    assert done.returncode == 4, done.stderr
    assert "Traceback" not in done.stderr
    place = re.search(r"schema\.graphql:(\d+):(\d+): (.+)", done.stderr, re.DOTALL)
    assert place, done.stderr
    schema = folder / "amplify" / "backend" / "api" / "habitr" / "schema.graphql"
    assert at in schema.read_text().splitlines()[int(place[1]) - 1]
    assert re.search(why, place[3])


def test_a_folder_without_a_project_ends_with_4(tmp_path: Path) -> None:
    done = command(tmp_path, "up", "--memory", "--port", "0", "--project", str(tmp_path))
    assert done.returncode == 4
    assert "amplify" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("flags", "variables", "told"),
    [
        (["--port", "70000"], {}, "--port"),
        (["--port", "many"], {}, "--port"),
        (["--auth", "lax"], {}, "--auth"),
        (["--nonsense"], {}, "--nonsense"),
        (["--project", "no-such-folder"], {}, "--project"),
        ([], {"HABITR_PORT": "many"}, "HABITR_PORT"),
        ([], {"HABITR_MEMORY": "perhaps"}, "HABITR_MEMORY"),
        ([], {"HABITR_ACCOUNT_ID": "12"}, "HABITR_ACCOUNT_ID"),
    ],
)
def test_a_bad_setting_ends_with_2_and_is_named(
    tmp_path: Path, flags: list[str], variables: dict[str, str], told: str
) -> None:
    done = command(tmp_path, "up", *flags, **variables)
    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("text", "told"), [("port = 'x'", "port"), ("prot = 1", "prot"), ("port =\n", "line 1")])
def test_a_bad_file_ends_with_2_and_is_named(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "habitr.toml").write_text(text)
    done = command(tmp_path, "up")
    assert done.returncode == 2
    assert "habitr.toml" in done.stderr
    assert told in done.stderr


def test_a_flag_wins_over_a_variable_and_a_variable_over_the_file(tmp_path: Path) -> None:
    ports = [free_port() for _ in range(3)]
    (tmp_path / "habitr.toml").write_text(
        f'port = {ports[0]}\nmemory = true\nregion = "eu-west-1"\n[administrator_keys]\nother = "word"\n'
    )
    script = (
        "import boto3, os; print(os.environ['HABITR_ENDPOINT'], boto3.client('sts').get_caller_identity()['Arn'])"
    )
    run = [sys.executable, "-c", script]
    by_variable = command(tmp_path, "exec", "--port", str(ports[2]), "--", *run, HABITR_PORT=str(ports[1]))
    assert by_variable.stdout.startswith(f"http://localhost:{ports[2]} ")
    running = start(tmp_path)
    try:
        assert running.endpoint == f"http://localhost:{ports[0]}"
        assert running.config["region"] == "eu-west-1"
        keys = {"aws_access_key_id": "other", "aws_secret_access_key": "word"}
        assert running.client("sts", **keys).get_caller_identity()["Account"] == "000000000000"
        assert running.client("sts").get_caller_identity()["Account"] == "000000000000"
    finally:
        stop(running)


def test_help_tells_the_defaults_of_each_verb(tmp_path: Path) -> None:
    lasting, passing = (command(tmp_path, verb, "--help").stdout for verb in ("up", "exec"))
    assert "The one port [4566]" in lasting
    assert "Where state lives [.habitr]" in lasting
    assert "The one port [a free one]" in passing
    assert "Where state lives [nowhere: in memory]" in passing
    assert not [flag for flag in ("--memory", "--watch") if flag in passing]


def test_another_region_and_account_are_played_throughout(tmp_path: Path) -> None:
    script = "import boto3; s = boto3.client('sts'); print(s.get_caller_identity()['Arn'], s.meta.region_name)"
    done = command(
        tmp_path,
        "exec",
        "--",
        sys.executable,
        "-c",
        script,
        HABITR_REGION="eu-central-1",
        HABITR_ACCOUNT_ID="123456789012",
    )
    assert done.stdout.split() == ["arn:aws:iam::123456789012:root", "eu-central-1"]


def test_a_project_of_ones_own_runs_from_its_folder(start_emulator: Any, tmp_path: Path) -> None:
    folder = project(
        tmp_path, lambda text: text + "\ntype Streak @model @auth(rules: [{allow: public}]) { id: ID! }\n"
    )
    running = start_emulator("--project", str(folder), "--port", "0")
    assert "Streak" in running.config["tables"]
    assert (folder / ".habitr" / "state.db").exists()


def test_auth_warn_lets_a_refused_call_through(start_emulator: Any) -> None:
    from botocore import UNSIGNED
    from botocore.config import Config
    from botocore.exceptions import ClientError

    running = start_emulator("--memory", "--port", "0", "--auth", "warn")
    assert running.client("dynamodb", aws_secret_access_key="wrong").list_tables()["TableNames"]
    with pytest.raises(ClientError, match="MissingAuthenticationToken"):
        running.client("dynamodb", config=Config(signature_version=UNSIGNED)).list_tables()


def test_issuer_local_names_the_endpoint(start_emulator: Any) -> None:
    import base64

    from tests.journeys.people import person

    running = start_emulator("--memory", "--port", "0", "--issuer", "local")
    access = person(running).access.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(access + "=="))
    assert claims["iss"] == f"{running.endpoint}/{running.config['user_pool_id']}"
    known = running.get(f"/{running.config['user_pool_id']}/.well-known/openid-configuration")
    assert known["issuer"] == claims["iss"]


def test_help_and_version_cost_no_emulator(tmp_path: Path) -> None:
    assert command(tmp_path, "--version").stdout.startswith("habitr-emulator")
    shown = command(tmp_path, "--help")
    assert shown.returncode == 0
    assert command(tmp_path, "nonsense").returncode == 2


def test_a_relative_project_folder_runs_its_functions(
    start_emulator: Callable[..., Running], tmp_path: Path
) -> None:
    shutil.copytree(FIXTURE, tmp_path / "own")
    running = start_emulator("--memory", "--port", "0", "--project", "own")
    assert sign_up(running)


@pytest.mark.parametrize("content", [None, b"no database"])
def test_a_data_folder_that_cannot_be_used_is_told_in_one_line(tmp_path: Path, content: bytes | None) -> None:
    folder = tmp_path / "state"
    if content is None:
        folder.write_text("a file")
        folder = folder / "below"
    else:
        folder.mkdir()
        (folder / "state.db").write_bytes(content)
    done = command(tmp_path, "up", "--port", "0", "--data-dir", str(folder))
    assert done.returncode == 1
    assert str(tmp_path / "state") in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_variable_that_points_nowhere_is_named(tmp_path: Path, start_emulator: Callable[..., Running]) -> None:
    nowhere = f"http://localhost:{free_port()}"
    for verb in (("status",), ("inbox",)):
        told = command(tmp_path, *verb, HABITR_ENDPOINT=nowhere)
        assert told.returncode == 1
        assert f"no emulator answers at {nowhere}, where $HABITR_ENDPOINT points; unset" in told.stderr
        assert "HABITR_ENDPOINT" not in command(tmp_path, *verb, "--endpoint", nowhere).stderr
    running = start_emulator("--port", "0", "--no-seed")
    told = command(tmp_path, "status", HABITR_ENDPOINT=nowhere)
    assert f"one works here, at {running.endpoint}" in told.stderr


def test_up_hints_at_the_project_of_the_folder_unless_it_runs_it(
    tmp_path: Path, start_emulator: Callable[..., Running]
) -> None:
    hint = "Habitr runs, not the project of this folder, which holds amplify/"
    copy = project(tmp_path)
    (tmp_path / "amplify").mkdir()
    assert any(hint in line for line in start_emulator("--memory", "--no-seed", "--port", "0").greeting)
    own = start_emulator("--memory", "--no-seed", "--port", "0", "--project", str(copy))
    assert not any(hint in line for line in own.greeting)
