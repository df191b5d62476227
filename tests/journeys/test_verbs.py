"""The verbs that ask a running emulator, and those that need none."""

import json
import os
import socket
import subprocess
import sys
import threading
import urllib.error
from collections.abc import Callable
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from tests.journeys.conftest import ROOT, Running, missing
from tests.journeys.people import PASSWORD, api_key, code_for, graphql, new_name, sign_up
from tests.journeys.test_cli import command, project


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


def ask(emulator: Running, *words: str, code: int = 0) -> str:
    return habitr(*words, "--endpoint", emulator.endpoint, code=code)


def test_people_are_added_confirmed_grouped_and_deleted(emulator: Running) -> None:
    name = new_name("verb")
    ask(emulator, "user", "add", name, "--unconfirmed", "--attribute", "name=Verb")
    (user,) = [each for each in json.loads(ask(emulator, "user", "list", "--json")) if each["username"] == name]
    assert (user["status"], user["attributes"]["name"]) == ("UNCONFIRMED", "Verb")
    assert "CONFIRMED" in ask(emulator, "user", "confirm", name)
    assert "groups: walkers" in ask(emulator, "user", "group", name, "walkers")
    assert "walkers" not in ask(emulator, "user", "group", name, "walkers", "--leave")
    ask(emulator, "user", "password", name, "another-Horse-9")
    signed_in = emulator.client("cognito-idp").initiate_auth(
        ClientId=emulator.config["script_client_id"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": "another-Horse-9"},
    )
    assert signed_in["AuthenticationResult"]["AccessToken"]
    ask(emulator, "user", "delete", name)
    assert "User does not exist" in ask(emulator, "user", "confirm", name, code=1)


def test_a_token_of_anyone_works_for_a_query_as_anyone(emulator: Running) -> None:
    name = new_name("verb")
    ask(emulator, "user", "add", name)
    token = ask(emulator, "token", name).strip()
    assert emulator.client("cognito-idp").get_user(AccessToken=token)["Username"] == name
    assert ask(emulator, "token", name, "--use", "id") != token
    query = 'mutation { createHabit(input: {tagline: "By verb", category: Health}) { owner } }'
    made = json.loads(ask(emulator, "graphql", query, "--as", name))
    assert made == {"createHabit": {"owner": name}}
    wrong = ask(emulator, "graphql", "{ nope }", code=1)
    assert "the query: ValidationError: " in wrong
    variables = json.dumps({"n": 1})
    query = "query L($n: Int) { listHabits(limit: $n) { items { id } } }"
    assert len(json.loads(ask(emulator, "graphql", query, "--variables", variables))["listHabits"]["items"]) == 1


def test_the_log_tells_graphql_requests_apart_and_why_they_failed(emulator: Running) -> None:
    name = sign_up(emulator)
    delete = 'mutation { deleteHabit(input: {id: "no-such-habit"}) { id } }'
    ask(emulator, "graphql", delete, "--as", name, code=1)
    ask(emulator, "graphql", "{ listHabits(limit: 1) { items { ids } } }", code=1)
    lines = ask(emulator, "logs").splitlines()
    assert any("mutation deleteHabit  the @auth rules of Habit" in line for line in lines), lines
    assert any("FieldUndefined: Field 'ids'" in line for line in lines), lines


def test_a_request_is_copied_as_curl_and_runs_again(emulator: Running, tmp_path: Path) -> None:
    answer = emulator.client("dynamodb").list_tables(Limit=1)
    request_id = answer["ResponseMetadata"]["RequestId"]
    copied = ask(emulator, "logs", "--request", request_id, "--curl")
    assert "Signature=" not in copied
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    done = subprocess.run(["sh", "-c", copied], env={**os.environ, **keys}, capture_output=True, check=False)
    if done.returncode == 127:
        missing("curl")
    if b"aws-sigv4" not in done.stderr:
        assert json.loads(done.stdout)["TableNames"] == answer["TableNames"], done.stderr
    archive = tmp_path / "out.har"
    ask(emulator, "logs", "--har", str(archive), "--request", request_id)
    (entry,) = json.loads(archive.read_text())["log"]["entries"]
    assert json.loads(entry["response"]["content"]["text"])["TableNames"] == answer["TableNames"]


def test_logs_follow_what_comes(emulator: Running) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "habitr_emulator", "logs", "-f", "--limit", "1", "--endpoint", emulator.endpoint],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as following:
        assert following.stdout is not None
        over, sts = threading.Event(), emulator.client("sts")

        def keep_asking() -> None:
            while not over.wait(0.05):
                sts.get_caller_identity()

        asking = threading.Thread(target=keep_asking)
        asking.start()
        try:
            lines = [following.stdout.readline() for _ in range(4)]
        finally:
            over.set()
            asking.join()
            following.terminate()
    assert "GetCallerIdentity" in lines[3]


def test_faults_strike_as_often_as_they_are_told_to(start_emulator: Callable[..., Running]) -> None:
    running = start_emulator("--memory", "--port", "0")
    table = running.config["tables"]["Habit"]
    rows = running.client("dynamodb")
    slip = ask(running, "fault", "add", "error", "--service", "dynamodb", "--operation", "PutIte", code=1)
    assert "did you mean PutItem?" in slip
    ask(running, "fault", "add", "error", "--service", "dynamodb", "--operation", "PutItem", "--count", "1")
    rows.list_tables()
    with pytest.raises(ClientError) as refused:
        rows.put_item(TableName=table, Item={"id": {"S": "1"}})
    assert refused.value.response["Error"]["Code"] == "ThrottlingException"
    assert "on purpose" in refused.value.response["ResponseMetadata"]["HTTPHeaders"]["x-habitr-why"]
    rows.put_item(TableName=table, Item={"id": {"S": "1"}})
    assert "has struck: 1" in ask(running, "fault", "list")
    ask(running, "fault", "clear")
    ask(running, "fault", "add", "drop", "--service", "appsync", "--operation", "listHabits")
    with pytest.raises((urllib.error.URLError, ConnectionError, OSError)):
        graphql(running, "{ listHabits { items { id } } }", {}, api_key(running))
    assert graphql(running, "{ listComments { items { id } } }", {}, api_key(running))[0] == 200
    ask(running, "fault", "clear")
    code = ["--code", "Boom", "--status", "503"]
    ask(running, "fault", "add", "error", "--service", "appsync", *code)
    status, answer = graphql(running, "{ listHabits { items { id } } }", {}, api_key(running))
    assert (status, answer["errors"][0]["errorType"]) == (503, "Boom")
    ask(running, "reset")
    assert "There is no fault." in ask(running, "fault", "list")
    chance = ["--probability", "0.5", "--rng", "3"]
    ask(running, "fault", "add", "error", "--service", "sts", *chance)
    first = [_fails(running) for _ in range(12)]
    ask(running, "fault", "clear")
    ask(running, "fault", "add", "error", "--service", "sts", *chance)
    assert [_fails(running) for _ in range(12)] == first
    assert {True, False} == set(first)


def _fails(running: Running) -> bool:
    try:
        running.client("sts").get_caller_identity()
    except ClientError:
        return True
    return False


def test_what_is_due_happens_when_the_time_is_moved(start_emulator: Callable[..., Running]) -> None:
    running = start_emulator("--memory", "--port", "0", "--no-seed")
    rows, now = running.client("dynamodb"), int(running.get("/_habitr/clock")["now"])
    keys = {"KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST"}
    rows.create_table(
        TableName="timed", AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}], **keys
    )
    rows.update_time_to_live(TableName="timed", TimeToLiveSpecification={"Enabled": True, "AttributeName": "end"})
    for name, seconds in (("soon", 100), ("late", 10_000)):
        rows.put_item(TableName="timed", Item={"k": {"S": name}, "end": {"N": str(now + seconds)}})
    ask(running, "clock", "advance", "3600")
    assert [item["k"]["S"] for item in rows.scan(TableName="timed")["Items"]] == ["late"]
    ask(running, "clock", "advance", "9000")
    assert rows.scan(TableName="timed")["Items"] == []


def test_doctor_says_what_is_wrong_and_what_to_do(emulator: Running, tmp_path: Path) -> None:
    def examined(**variables: str) -> tuple[int, dict[str, list[str]]]:
        done = command(tmp_path, "doctor", "--json", "--endpoint", emulator.endpoint, **variables)
        found: dict[str, list[str]] = {}
        for each in json.loads(done.stdout):
            found.setdefault(each["about"], []).append(f"{each['state']}: {each['finding']}")
        return done.returncode, found

    (tmp_path / "ca.pem").write_text(emulator.config["ca_pem"])
    command(tmp_path, "config", "outputs", "--write", "amplify_outputs.json", "--endpoint", emulator.endpoint)
    code, found = examined(NODE_EXTRA_CA_CERTS=str(tmp_path / "ca.pem"), AWS_CA_BUNDLE=str(tmp_path / "ca.pem"))
    assert code == 0, found
    assert found["certificates"] == ["ok: trusted by NODE_EXTRA_CA_CERTS, AWS_CA_BUNDLE"]
    assert found["configuration"][0].startswith("ok: ")
    (tmp_path / "amplify_outputs.json").write_text("{}")
    (tmp_path / "ca.pem").write_text("another")
    code, found = examined(NODE_EXTRA_CA_CERTS=str(tmp_path / "ca.pem"), AWS_ENDPOINT_URL="http://localhost:1")
    assert code == 1
    assert "of another backend" in found["configuration"][0]
    assert found["certificates"][0].startswith("wrong: ")
    assert found["environment"] == ["wrong: AWS_ENDPOINT_URL points elsewhere: http://localhost:1"]


def test_doctor_names_the_program_that_holds_the_port(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = command(tmp_path, "doctor", "--endpoint", f"http://127.0.0.1:{other.getsockname()[1]}")
    assert done.returncode == 1
    assert "is taken, and it is not the emulator" in done.stdout


def test_doctor_names_functions_that_are_not_built(start_emulator: Callable[..., Running], tmp_path: Path) -> None:
    folder = project(tmp_path)
    source = folder / "amplify" / "backend" / "function" / "habitrUserExists" / "src"
    (source / "index.py").rename(source / "other.py")
    running = start_emulator("--project", str(folder), "--memory", "--port", "0")
    found = running.get("/_habitr/doctor")["project"]
    assert any("has no index.py in" in each for each in found), found


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_a_script_for_the_shell(shell: str) -> None:
    assert "_HABITR_EMULATOR_COMPLETE" in habitr("completion", shell)
