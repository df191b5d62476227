"""What was acknowledged is there afterwards: after a restart, and after ``kill -9`` in the middle of writes."""

import hashlib
import itertools
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from tests.journeys.conftest import PATIENCE, Running, stop
from tests.journeys.people import CREATE_HABIT, PASSWORD, api_key, graphql, new_name, person, sign_in

Start = Callable[..., Running]
#: How many writes of each kind are acknowledged before the emulator is killed.
ENOUGH = 40


def ids(running: Running) -> dict[str, Any]:
    """The configuration without what the port decides."""
    return {
        name: value
        for name, value in running.config.items()
        if name not in ("endpoint", "graphql_url", "rest_url", "hosted_ui_domain")
    }


def test_state_ids_and_keys_survive_a_restart(start_emulator: Start, tmp_path: Path) -> None:
    folder = str(tmp_path / "state")
    first = start_emulator("--data-dir", folder, "--port", "0")
    alice, bucket = person(first, "alice"), first.config["bucket"]
    habit = alice.graphql(CREATE_HABIT, tagline="Kept", category="Health")["data"]["createHabit"]
    mine = alice.credentials()
    key = f"protected/{mine.pop('identity_id')}/kept.png"
    first.client("s3", **mine).put_object(Bucket=bucket, Key=key, Body=b"png", Metadata={"a": "b"})
    first.client("dynamodb").create_table(
        TableName="Own",
        KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    assert stop(first) == 0

    second = start_emulator("--data-dir", folder, "--port", "0")
    assert ids(second) == ids(first)
    assert second.client("cognito-idp").get_user(AccessToken=alice.access)["Username"] == alice.username
    query = "query($id: ID!) { getHabit(id: $id) { tagline owner createdAt } }"
    _, answer = graphql(second, query, {"id": habit["id"]}, {"authorization": alice.access})
    assert answer["data"]["getHabit"] == {name: habit[name] for name in ("tagline", "owner", "createdAt")}
    found = second.client("s3", **mine).get_object(Bucket=bucket, Key=key)
    assert (found["Body"].read(), found["Metadata"]) == (b"png", {"a": "b"})
    assert "Own" in second.client("dynamodb").list_tables()["TableNames"]
    assert sign_in(second, alice.username).access
    renewed = second.client("cognito-idp").get_tokens_from_refresh_token(
        ClientId=second.config["app_client_id"], RefreshToken=alice.refresh
    )
    assert renewed["AuthenticationResult"]["AccessToken"]


class Writers:
    """Clients that write without pause until the emulator is gone, and remember what was acknowledged."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.rows: list[str] = []
        self.objects: list[tuple[str, bytes]] = []
        self.users: list[str] = []
        self.habits: list[str] = []
        self._threads = [
            threading.Thread(target=self._until_gone, args=(work, number), daemon=True)
            for work in (self._row, self._object, self._user, self._habit)
            for number in range(3)
        ]

    def __enter__(self) -> "Writers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for thread in self._threads:
            thread.join(PATIENCE)

    def enough(self) -> bool:
        return all(len(each) >= ENOUGH for each in (self.rows, self.objects, self.users, self.habits))

    def writing(self) -> bool:
        return all(thread.is_alive() for thread in self._threads)

    def _until_gone(self, work: Callable[[str], None], number: int) -> None:
        try:
            for count in itertools.count():
                work(f"{number}-{count}")
        except (BotoCoreError, ClientError, OSError, ValueError):
            return

    def _row(self, name: str) -> None:
        table = self.running.config["tables"]["Comment"]
        item = {"id": {"S": f"row{name}"}, "comment": {"S": name * 100}, "twin": {"S": name * 100}}
        self.running.client("dynamodb").put_item(TableName=table, Item=item)
        self.rows.append(name)

    def _object(self, name: str) -> None:
        body = hashlib.sha256(name.encode()).digest() * 4096
        self.running.client("s3").put_object(Bucket=self.running.config["bucket"], Key=f"o/{name}", Body=body)
        self.objects.append((f"o/{name}", body))

    def _user(self, name: str) -> None:
        self.running.client("cognito-idp").admin_create_user(
            UserPoolId=self.running.config["user_pool_id"],
            Username=f"killed-{name}",
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": "email", "Value": f"killed-{name}@example.com"}],
        )
        self.users.append(f"killed-{name}")

    def _habit(self, name: str) -> None:
        variables = {"tagline": name, "category": "Health"}
        _, answer = graphql(self.running, CREATE_HABIT, variables, api_key(self.running))
        self.habits.append(answer["data"]["createHabit"]["id"])


def test_a_kill_in_the_middle_of_writes_loses_nothing_that_was_acknowledged(
    start_emulator: Start, tmp_path: Path
) -> None:
    folder = str(tmp_path / "state")
    first = start_emulator("--data-dir", folder, "--port", "0")
    with Writers(first) as written:
        wait = threading.Event()
        while written.writing() and not written.enough():
            wait.wait(0.005)
        first.process.kill()
        first.process.wait(PATIENCE)
    assert written.enough()

    second = start_emulator("--data-dir", folder, "--port", "0")
    rows, config = second.client("dynamodb"), second.config
    for name in written.rows:
        item = rows.get_item(TableName=config["tables"]["Comment"], Key={"id": {"S": f"row{name}"}})["Item"]
        assert item["comment"] == item["twin"] == {"S": name * 100}
    s3 = second.client("s3")
    for key, body in written.objects:
        assert s3.get_object(Bucket=config["bucket"], Key=key)["Body"].read() == body
    for shown in s3.list_objects_v2(Bucket=config["bucket"], Prefix="o/")["Contents"]:
        body = s3.get_object(Bucket=config["bucket"], Key=shown["Key"])["Body"].read()
        assert body == hashlib.sha256(shown["Key"][2:].encode()).digest() * 4096
    idp = second.client("cognito-idp")
    for user in written.users:
        attributes = idp.admin_get_user(UserPoolId=config["user_pool_id"], Username=user)["UserAttributes"]
        assert {"Name": "email", "Value": f"{user}@example.com"} in attributes
    for habit in written.habits:
        _, answer = graphql(second, "query($id: ID!) { getHabit(id: $id) { id } }", {"id": habit}, api_key(second))
        assert answer == {"data": {"getHabit": {"id": habit}}}


def test_a_killed_sign_up_can_still_be_confirmed(start_emulator: Start, tmp_path: Path) -> None:
    folder = str(tmp_path / "state")
    first = start_emulator("--data-dir", folder, "--port", "0")
    name, client = new_name("zoe"), first.config["app_client_id"]
    first.client("cognito-idp").sign_up(
        ClientId=client,
        Username=name,
        Password=PASSWORD,
        UserAttributes=[{"Name": "email", "Value": f"{name}@example.com"}],
    )
    first.process.kill()
    first.process.wait(PATIENCE)
    second = start_emulator("--data-dir", folder, "--port", "0")
    code = second.get(f"/_habitr/inbox?username={name}&last")["code"]
    second.client("cognito-idp").confirm_sign_up(ClientId=client, Username=name, ConfirmationCode=code)
    assert sign_in(second, name).access


def test_a_folder_serves_one_emulator_at_a_time(start_emulator: Start, tmp_path: Path) -> None:
    folder = str(tmp_path / "state")
    first = start_emulator("--data-dir", folder, "--port", "0")
    done = subprocess.run(
        [sys.executable, "-m", "habitr_emulator", "up", "--data-dir", folder, "--port", "0"],
        cwd=Path(__file__).parent.parent.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 1
    assert folder in done.stderr
    assert "--data-dir" in done.stderr
    assert first.get("/_habitr/health")["status"] == "running"
    assert stop(first) == 0
    assert start_emulator("--data-dir", folder, "--port", "0").get("/_habitr/health")["status"] == "running"


@pytest.mark.parametrize("left", ["state.db", "ca/ca.pem"])
def test_the_folder_keeps_itself_out_of_version_control(start_emulator: Start, tmp_path: Path, left: str) -> None:
    folder = tmp_path / "state"
    stop(start_emulator("--data-dir", str(folder), "--port", "0"))
    assert (folder / ".gitignore").read_text() == "*\n"
    assert (folder / left).exists()
    assert (folder / "ca" / "ca-key.pem").stat().st_mode & 0o077 == 0
