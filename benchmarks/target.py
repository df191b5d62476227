"""The emulator under measurement, in a process of its own, and a signed-in user of it."""

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.load import SERVERS

ROOT = Path(__file__).parent.parent


@dataclass
class Target:
    """A running emulator: its process id, configuration, and how long it took to answer first."""

    pid: int
    config: dict[str, Any]
    first_answer: float

    def memory(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def emulator(*flags: str) -> Iterator[Target]:
    """Start, in memory unless ``--data-dir`` is among the flags, wait for the first answer, stop."""
    port = free_port()
    started = time.perf_counter()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(
        [sys.executable, "-m", "habitr_emulator", "up", "--port", str(port), *(flags or ("--memory",))],
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
        env=environment | {"HABITR_LOG": "WARNING"},
    )
    try:
        first = _first_answer(port, started, process)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_habitr/config") as answer:
            config = json.load(answer)
        SERVERS[config["endpoint"]] = (process.pid,)
        yield Target(process.pid, config, first)
    finally:
        process.terminate()
        process.wait(10)


def _first_answer(port: int, started: float, process: "subprocess.Popen[bytes]") -> float:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_habitr/health", timeout=5):
                return time.perf_counter() - started
        except OSError:
            time.sleep(0.002)
    raise RuntimeError("the emulator ended before it answered")


@contextlib.contextmanager
def echo() -> Iterator[str]:
    """A bare aiohttp echo server; its URL."""
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.raw"], stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    try:
        url = f"http://127.0.0.1:{int(process.stdout.readline())}"
        SERVERS[url] = (process.pid,)
        yield url
    finally:
        process.terminate()
        process.wait(10)
