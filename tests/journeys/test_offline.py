"""No outbound connection, ever: an emulator whose every other socket is refused serves the whole journey."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys import conftest
from tests.journeys.conftest import ROOT, Running, stop
from tests.journeys.people import CREATE_HABIT, VOTE, person

#: Imported by Python itself before anything else.
GUARD = """
import os, socket, sys

def tell(what):
    with open(os.environ["OUTBOUND_ATTEMPTS"], "a") as file:
        file.write(f"{what}\\n")

def guard(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "::1", "localhost"):
            tell(f"{event} {address}")
            raise OSError(f"refused: {address}")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"):
        host = arguments[0] if not isinstance(arguments[0], tuple) else arguments[0][0]
        if host not in (None, "127.0.0.1", "::1", "localhost", "0.0.0.0", "::", ""):
            tell(f"{event} {host}")
            raise OSError(f"refused: {host}")

sys.addaudithook(guard)
"""


@pytest.fixture
def attempts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which guarded processes write what they were refused."""
    folder = tmp_path / "guard"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(GUARD)
    file = tmp_path / "attempts"
    file.touch()
    monkeypatch.setenv("OUTBOUND_ATTEMPTS", str(file))
    monkeypatch.setenv("HABITR_NO_UVLOOP", "1")  # it would resolve and connect beside Python's audit
    monkeypatch.setattr(conftest, "PYTHON_PATH", f"{folder}:{ROOT}")
    return file


def test_the_guard_sees_and_refuses(attempts: Path) -> None:
    code = "import socket; socket.create_connection(('192.0.2.1', 80), 1)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": conftest.PYTHON_PATH, "OUTBOUND_ATTEMPTS": str(attempts)},
        stderr=subprocess.PIPE,
        check=False,
    )
    assert done.returncode == 1
    assert "192.0.2.1" in attempts.read_text()


def test_a_whole_journey_tries_no_outbound_connection(attempts: Path, tmp_path: Path) -> None:
    running: Running = conftest.start(tmp_path, "--memory", "--port", "0")
    try:
        nina = person(running, "nina")
        habit = nina.graphql(CREATE_HABIT, tagline="Offline", category="Health")["data"]["createHabit"]["id"]
        assert nina.graphql(VOTE, habitId=habit, type="upvote")["data"]["vote"]["habit"]["ups"] == 1
        mine, bucket = nina.credentials(), running.config["bucket"]
        key = f"protected/{mine.pop('identity_id')}/a"
        s3 = running.client("s3", endpoint_url=running.secure_endpoint, **mine)
        s3.put_object(Bucket=bucket, Key=key, Body=b"png")
        assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == b"png"
        assert running.client("pinpoint").get_app(ApplicationId=running.config["pinpoint_app_id"])
    finally:
        assert stop(running) == 0
    assert attempts.read_text() == ""
