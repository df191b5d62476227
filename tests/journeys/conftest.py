"""Journeys run real clients over real HTTP and WebSocket against an emulator in a process of its own."""

import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
NODE = HERE / "node"
PATIENCE = 30
PYTHON_PATH = str(ROOT)
_resolve = socket.getaddrinfo


@dataclass
class Running:
    """A running emulator: its configuration, and a file with its CA."""

    process: "subprocess.Popen[str]"
    config: dict[str, Any]
    greeting: list[str]
    ca_file: Path

    @property
    def endpoint(self) -> str:
        return str(self.config["endpoint"])

    @property
    def secure_endpoint(self) -> str:
        return self.endpoint.replace("http://", "https://")

    def client(self, service: str, **more: Any) -> Any:
        """A boto3 client of the administrator (or of the keys in ``more``)."""
        import boto3
        from botocore.config import Config

        settings = {
            "endpoint_url": self.endpoint,
            "region_name": self.config["region"],
            "aws_access_key_id": self.config["access_key_id"],
            "aws_secret_access_key": self.config["secret_access_key"],
            "config": Config(retries={"total_max_attempts": 1}),
            "verify": str(self.ca_file),
        }
        return boto3.client(service, **(settings | more))

    def get(self, path: str) -> Any:
        """JSON from an admin endpoint."""
        with urllib.request.urlopen(self.endpoint + path, timeout=PATIENCE) as answer:
            return json.load(answer)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(folder: Path, *flags: str) -> Running:
    """``habitr-emulator up`` with ``flags``, until it says Ready."""
    process = subprocess.Popen(
        [sys.executable, "-m", "habitr_emulator", "up", *flags],
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": PYTHON_PATH},
    )
    assert process.stdout is not None
    greeting: list[str] = []
    for line in process.stdout:
        greeting.append(line.rstrip())
        if line == "Ready.\n":
            break
    else:
        raise AssertionError(f"no Ready. from up, exit {process.wait()}: {greeting}")
    endpoint = next(line.split()[1] for line in greeting if line.split()[0] == "endpoint")
    with urllib.request.urlopen(f"{endpoint}/_habitr/config", timeout=PATIENCE) as answer:
        config = json.load(answer)
    ca_file = folder / "journey-ca.pem"
    ca_file.write_text(config["ca_pem"])
    return Running(process, config, greeting, ca_file)


def stop(running: Running) -> int:
    running.process.terminate()
    code = running.process.wait(PATIENCE)
    assert running.process.stdout is not None
    running.process.stdout.close()
    return code


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One emulator in memory for all journeys that do not stop it; they use names of their own."""
    running = start(tmp_path_factory.mktemp("emulator"), "--memory", "--port", "0")
    yield running
    assert stop(running) == 0


@pytest.fixture
def start_emulator(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Start further emulators in a folder of the test's own; what still runs at its end is stopped."""
    started: list[Running] = []

    def begin(*flags: str) -> Running:
        started.append(start(tmp_path, *flags))
        return started[-1]

    yield begin
    for running in started:
        if running.process.poll() is None:
            stop(running)
        elif running.process.stdout is not None:
            running.process.stdout.close()


@pytest.fixture(autouse=True)
def loopback_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """``*.localhost`` is loopback, as browsers have it; the machine's resolver may not know."""

    def lookup(host: Any, *more: Any, **options: Any) -> Any:
        if isinstance(host, str) and host.endswith(".localhost"):
            host = "127.0.0.1"
        return _resolve(host, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)


def missing(what: str) -> None:
    """Skip by name for want of a client on this machine; in CI that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(f"CI must have {what}")
    pytest.skip(f"this machine has no {what}")


@pytest.fixture
def node() -> Path:
    """The folder with the npm clients."""
    if shutil.which("node") is None:
        missing("node")
    if not (NODE / "node_modules").is_dir():
        missing("npm packages (scripts/test installs them)")
    return NODE
