"""The pytest plugin as a project that tests against it has it: each test runs pytest in a process of its own."""

import os
import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tests.journeys.conftest import ROOT, missing

PRODUCT = """
async def test_vote(habitr):
    alice = await habitr.sign_up("alice")                       # real SignUp, code from the inbox, SRP sign-in
    habit = await alice.graphql("mutation { createHabit(input: {tagline: \\"Walk\\", category: Health}) { id } }")
    async with habitr.user("bob").subscribe("subscription { subscribeToVotes { habit { ups } } }") as heard:
        await alice.vote(habit["createHabit"]["id"], "upvote")
        assert (await heard.next())["subscribeToVotes"]["habit"]["ups"] == 1
"""
ISOLATED = """
import pytest
from habitr_emulator.testing import GraphqlErrors, Refused

TAGLINES = "{ listHabits(limit: 1000) { items { tagline } } }"


@pytest.mark.parametrize("turn", range(3))
async def test_each_begins_with_the_seed(habitr, turn):
    alice = await habitr.sign_up("alice")
    before = (await alice.graphql(TAGLINES))["listHabits"]["items"]
    assert len(before) == 4
    await alice.graphql("mutation { createHabit(input: {tagline: \\"Mine\\", category: Health}) { id } }")
    habitr.clock.freeze()
    habitr.fault.error("dynamodb", "Scan", code="InternalServerError", status=500)
    with pytest.raises((GraphqlErrors, Refused)):
        await alice.graphql(TAGLINES)


def test_without_a_loop(habitr):
    alice = habitr.sign_up("alice", email="a@example.com").result()
    assert habitr.inbox.messages(to="alice")[0]["destination"] == "a@example.com"
    assert "tagline" in alice.graphql(TAGLINES).result()["listHabits"]["items"][0]
    with habitr.user("bob").subscribe("subscription { subscribeToVotes { habit { id } } }") as heard:
        habit = alice.graphql(TAGLINES.replace("tagline", "id")).result()["listHabits"]["items"][0]["id"]
        alice.vote(habit).result()
        assert heard.next().result() == {"subscribeToVotes": {"habit": {"id": habit}}}
        with pytest.raises(TimeoutError, match="subscribeToVotes"):
            heard.next(timeout=0.01).result()


def test_the_clock_ends_tokens(habitr):
    alice = habitr.sign_up("alice").result()
    habitr.clock.advance(7200)
    with pytest.raises(GraphqlErrors, match="expired"):
        alice.graphql(TAGLINES).result()


def test_boto3(habitr):
    pool = habitr.boto3("cognito-idp")
    names = {user["Username"] for user in pool.list_users(UserPoolId=habitr.config["user_pool_id"])["Users"]}
    assert names == {"maya", "noah", "lena", "ruth"}
    alice = habitr.user("alice")
    key = alice.upload("hello.txt", b"hello", "protected", "text/plain").result()
    found = habitr.boto3("s3").get_object(Bucket=habitr.config["bucket"], Key=key)
    assert (found["Body"].read(), found["ContentType"]) == (b"hello", "text/plain")


def test_programs_get_the_variables(habitr):
    assert habitr.environment["AWS_ENDPOINT_URL"] == habitr.endpoint
    assert habitr.ca_file.read_text() == habitr.config["ca_pem"]
    assert habitr.environment["AWS_CA_BUNDLE"] == str(habitr.ca_file)
"""
SETTINGS = """[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
filterwarnings = error
"""
NAME = "habitr_emulator.pytest_plugin"
INSTALLED = any(point.value == NAME for point in entry_points(group="pytest11"))
FORGOTTEN = """
def test_forgotten(habitr):
    habitr.graphql("{ nope }")
"""
EMPTY = """
def test_empty(habitr):
    assert habitr.graphql("{ listHabits { items { id } } }").result() == {"listHabits": {"items": []}}
"""
UNUSED = """
import sys


def test_nothing():
    assert not [name for name in sys.modules if name.startswith("habitr_emulator.") and name != PLUGIN]


PLUGIN = "habitr_emulator.pytest_plugin"
"""


def run(folder: Path, text: str, *flags: str) -> str:
    """The output of pytest over a file of tests; it must pass."""
    (folder / "test_it.py").write_text(text)
    (folder / "pytest.ini").write_text(SETTINGS)
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "HABITR_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *(() if INSTALLED else ("-p", NAME)), *flags],
        cwd=folder,
        env={**clean, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": ""},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_examples_of_the_documentation_pass_as_they_stand(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "testing.md").read_text()
    first, second = re.findall(r"```python\n((?:async )?def test_.*?)```", page, re.DOTALL)
    assert "3 passed" in run(
        tmp_path, PRODUCT + first.replace("test_vote", "test_a") + second.replace("test_vote", "test_b")
    )


def test_each_test_begins_anew_with_and_without_a_loop(tmp_path: Path) -> None:
    assert "7 passed" in run(tmp_path, ISOLATED)


def test_what_a_test_forgot_to_ask_for_is_told_with_its_line(tmp_path: Path) -> None:
    told = run(tmp_path, FORGOTTEN, "-W", "default::RuntimeWarning")
    assert "test_it.py:3: RuntimeWarning: neither awaited nor asked for its result()" in told


def test_workers_of_xdist_have_an_emulator_each(tmp_path: Path) -> None:
    if subprocess.run([sys.executable, "-c", "import xdist"], check=False, capture_output=True).returncode:
        missing("pytest-xdist")
    text = "".join(PRODUCT.replace("test_vote", f"test_vote_{number}") for number in range(4))
    assert "4 passed" in run(tmp_path, text, "-n", "2")


def test_a_seed_is_left_out_where_that_is_wanted(tmp_path: Path) -> None:
    assert "1 passed" in run(tmp_path, EMPTY, "-o", "habitr_seed=false")


def test_a_run_that_does_not_use_it_pays_nothing(tmp_path: Path) -> None:
    assert "1 passed" in run(tmp_path, UNUSED)


def test_the_plugin_is_found_by_pytest_itself() -> None:
    import tomllib

    entries = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["pytest11"]
    assert entries == {"habitr": "habitr_emulator.pytest_plugin"}
    assert pytest.importorskip("habitr_emulator.pytest_plugin").habitr
