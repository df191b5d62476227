"""``/_habitr/…``: what a test in any language can see and do."""

import json
import re
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.journeys.conftest import Running, stop
from tests.journeys.people import PASSWORD, api_key, fetch, graphql, new_name, person, sign_up
from tests.journeys.test_cli import project

KEYS_TEXT = """
    endpoint region user_pool_id app_client_id script_client_id identity_pool_id graphql_url
    graphql_api_key bucket rest_url pinpoint_app_id ca_pem project version access_key_id
    secret_access_key graphql_api_id rest_api_name function_name tables short_lived_client_id
"""
KEYS = set(KEYS_TEXT.split())
MESSAGE_TEXT = """
    userPoolId clientId username destination medium trigger subject body code link sentAt
"""
MESSAGE = set(MESSAGE_TEXT.split())


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An emulator of this file's own: it is reset, and its clock is moved."""
    from tests.journeys.conftest import start

    running = start(tmp_path_factory.mktemp("own"), "--memory", "--port", "0", "--no-seed")
    yield running
    assert stop(running) == 0


def ask(running: Running, path: str, method: str = "GET", **headers: str) -> tuple[int, Any]:
    return fetch(urllib.request.Request(running.endpoint + path, method=method, headers=headers))


@pytest.mark.parametrize("path", ["/_habitr/health", "/health", "/_localstack/health"])
def test_health_has_three_names(emulator: Running, path: str) -> None:
    status, answer = ask(emulator, path)
    assert (status, answer["status"], answer["version"]) == (200, "running", emulator.config["version"])
    assert answer["services"]["dynamodb"] == "running"


def test_config_has_every_key_that_clients_need(emulator: Running) -> None:
    assert set(emulator.config) >= KEYS
    assert not [key for key in KEYS if not emulator.config[key]]
    assert set(emulator.config["tables"]) == {"User", "Habit", "Comment"}
    assert emulator.config["graphql_api_key"] == "da2-habitremulator0000000000"
    assert emulator.config["ca_pem"].startswith("-----BEGIN CERTIFICATE-----")


def test_the_inbox_is_read_by_name_address_and_pool(emulator: Running) -> None:
    name, pool = sign_up(emulator, "reader"), emulator.config["user_pool_id"]
    for who in (
        f"username={name}",
        f"username={name.upper()}",
        f"to={name}%40example.com",
        f"to={name}&userPoolId={pool}",
    ):
        (message,) = emulator.get(f"/_habitr/inbox?{who}")["messages"]
        assert set(message) == MESSAGE
        assert (message["username"], message["medium"]) == (name, "EMAIL")
        assert message["destination"] == f"{name}@example.com"
        assert re.fullmatch(r"\d{6}", message["code"])
        assert message["code"] in message["body"]
    assert emulator.get(f"/_habitr/inbox?username={name}&userPoolId=us-east-1_other") == {"messages": []}
    assert ask(emulator, "/_habitr/inbox?username=nobody-of-this-name&last")[0] == 404
    assert ask(emulator, "/_habitr/inbox?wait=long")[0] == 400


def test_last_is_the_newest_message(emulator: Running) -> None:
    name, client = new_name("twice"), emulator.config["app_client_id"]
    idp = emulator.client("cognito-idp")
    email = [{"Name": "email", "Value": f"{name}@example.com"}]
    idp.sign_up(ClientId=client, Username=name, Password=PASSWORD, UserAttributes=email)
    idp.resend_confirmation_code(ClientId=client, Username=name)
    messages = emulator.get(f"/_habitr/inbox?username={name}")["messages"]
    assert len(messages) == 2
    assert emulator.get(f"/_habitr/inbox?username={name}&last") == messages[-1]
    idp.confirm_sign_up(ClientId=client, Username=name, ConfirmationCode=messages[-1]["code"])


def test_waiting_for_a_message_ends_when_it_comes(emulator: Running) -> None:
    from concurrent.futures import ThreadPoolExecutor

    name = new_name("waiter")
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(emulator.get, f"/_habitr/inbox?username={name}&wait=20&last")
        emulator.client("cognito-idp").sign_up(
            ClientId=emulator.config["app_client_id"],
            Username=name,
            Password=PASSWORD,
            UserAttributes=[{"Name": "email", "Value": f"{name}@example.com"}],
        )
        assert waiting.result(10)["username"] == name


def test_requests_tell_what_happened_and_no_secrets(emulator: Running) -> None:
    with pytest.raises(ClientError) as refused:
        emulator.client("dynamodb", aws_secret_access_key="an-unguessable-secret").list_tables()
    metadata = refused.value.response["ResponseMetadata"]
    found = emulator.get(f"/_habitr/requests/{metadata['RequestId']}")
    assert found["facts"]["status"] == 400
    assert found["facts"]["why"] == metadata["HTTPHeaders"]["x-habitr-why"]
    listed = emulator.get("/_habitr/requests?limit=20")["requests"]
    assert len(listed) <= 20
    ada = person(emulator, "ada")
    text = json.dumps(emulator.get("/_habitr/requests?limit=500"))
    for secret in (PASSWORD, ada.access, ada.refresh, "an-unguessable-secret"):
        assert secret not in text
    assert ask(emulator, "/_habitr/requests/unknown")[0] == 404


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example"])
@pytest.mark.parametrize("path", ["/_habitr/reset", "/_habitr/config", "/_habitr/inbox", "/health"])
def test_foreign_pages_get_nothing(emulator: Running, origin: str, path: str) -> None:
    status, answer = ask(emulator, path, "POST" if "reset" in path else "GET", Origin=origin)
    assert (status, set(answer)) == (403, {"message"})


def test_a_page_of_this_machine_gets_an_answer_that_it_can_read(emulator: Running) -> None:
    request = urllib.request.Request(
        f"{emulator.endpoint}/_habitr/config", headers={"Origin": "http://localhost:3000"}
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.headers["access-control-allow-origin"] in ("*", "http://localhost:3000")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/_habitr/reset", 400),
        ("GET", "/_habitr/nonsense", 404),
        ("GET", "/_habitr/", 404),
        ("GET", "/_habitr/__init__", 404),
        ("GET", "/_habitr/..%2fapp", 404),
        ("GET", "/_habitr/clock/advance?seconds=1", 400),
        ("POST", "/_habitr/clock/advance", 400),
        ("POST", "/_habitr/clock/advance?seconds=nan", 400),
        ("POST", "/_habitr/clock/advance?seconds=1e300", 400),
        ("POST", "/_habitr/clock/backwards", 400),
        ("POST", "/_habitr/clock/set?at=yesterday", 400),
        ("GET", "/_habitr/requests?limit=many", 400),
    ],
)
def test_a_mistake_is_told_in_one_sentence(emulator: Running, method: str, path: str, status: int) -> None:
    found, answer = ask(emulator, path, method)
    assert (found, list(answer)) == (status, ["message"])


def test_codes_tokens_and_credentials_expire_by_the_emulators_clock(own: Running) -> None:
    ida, before = person(own, "ida"), own.get("/_habitr/clock")
    keys = ida.credentials()
    keys.pop("identity_id")
    assert own.client("sts", **keys).get_caller_identity()["Account"]
    try:
        status, after = ask(own, "/_habitr/clock/advance?seconds=7200", "POST")
        assert status == 200
        assert after["offset"] == pytest.approx(before["offset"] + 7200, abs=5)
        with pytest.raises(ClientError) as refused:
            own.client("cognito-idp").get_user(AccessToken=ida.access)
        assert refused.value.response["Error"]["Code"] == "NotAuthorizedException"
        with pytest.raises(ClientError) as refused:
            own.client("sts", **keys).get_caller_identity()
        assert refused.value.response["Error"]["Code"] == "ExpiredToken"
        status, _ = graphql(own, "{ listHabits { nextToken } }", headers={"authorization": ida.access})
        assert status == 401
        # The administrator's signature is judged by the real clock.
        assert own.client("dynamodb").list_tables()["TableNames"]
    finally:
        assert ask(own, "/_habitr/clock/resume", "POST")[1]["offset"] == pytest.approx(0, abs=1)


def test_the_clock_freezes_and_is_set(own: Running) -> None:
    try:
        ask(own, "/_habitr/clock/freeze", "POST")
        ask(own, "/_habitr/clock/set?at=2000000000", "POST")
        shown = own.get("/_habitr/clock")
        assert (shown["now"], shown["frozen"], shown["iso"]) == (2e9, True, "2033-05-18T03:33:20.000Z")
        for at in ("2033-05-18T03:33:20Z", "2033-05-18T05:33:20+02:00", "2033-05-18T05:33:20%2B02:00"):
            assert ask(own, f"/_habitr/clock/set?at={at}", "POST")[1]["now"] == 2e9
        _, made = graphql(
            own,
            'mutation { createHabit(input: {tagline: "t", category: Health}) { createdAt } }',
            {},
            api_key(own),
        )
        assert made["data"]["createHabit"]["createdAt"] == "2033-05-18T03:33:20.000Z"
    finally:
        ask(own, "/_habitr/clock/resume", "POST")


def test_reset_goes_back_to_the_state_after_the_start_while_clients_are_connected(own: Running) -> None:
    eva, rows, s3, bucket = person(own, "eva"), own.client("dynamodb"), own.client("s3"), own.config["bucket"]
    table = own.config["tables"]["Comment"]
    rows.put_item(TableName=table, Item={"id": {"S": "r"}})
    s3.put_object(Bucket=bucket, Key="reset", Body=b"x")
    rows.delete_table(TableName=own.config["tables"]["Habit"])
    assert ask(own, "/_habitr/reset", "POST") == (200, {"reset": True})
    assert "Item" not in rows.get_item(TableName=table, Key={"id": {"S": "r"}})
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    assert own.config["tables"]["Habit"] in rows.list_tables()["TableNames"]
    assert own.get("/_habitr/inbox") == {"messages": []}
    with pytest.raises(ClientError) as refused:
        own.client("cognito-idp").admin_get_user(UserPoolId=own.config["user_pool_id"], Username=eva.username)
    assert refused.value.response["Error"]["Code"] == "UserNotFoundException"
    again = person(own, "eva")
    assert "errors" not in again.graphql("{ listHabits { items { id } } }")
    s3.put_object(Bucket=bucket, Key="after", Body=b"y")
    assert s3.get_object(Bucket=bucket, Key="after")["Body"].read() == b"y"


def test_a_reset_after_the_project_has_changed_keeps_its_new_resources(
    start_emulator: Callable[..., Running], tmp_path: Path
) -> None:
    folder = project(tmp_path)
    stop(start_emulator("--project", str(folder), "--port", "0"))
    schema = folder / "amplify" / "backend" / "api" / "habitr" / "schema.graphql"
    schema.write_text(schema.read_text() + "\ntype Streak @model @auth(rules: [{allow: public}]) { id: ID! }\n")
    running = start_emulator("--project", str(folder), "--port", "0")
    assert ask(running, "/_habitr/reset", "POST")[0] == 200
    _, made = graphql(running, "mutation { createStreak(input: {}) { id } }", {}, api_key(running))
    assert made["data"]["createStreak"]["id"]
