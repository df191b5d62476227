"""Ctrl-C, whenever it comes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_BEGIN = """
import asyncio, os, signal, sys
from habitr_emulator.cli import main, _settings
from habitr_emulator.emulator import Emulator
started = Emulator.start
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background is made to ignore it
def interrupt(*_):
    os.kill(os.getpid(), signal.SIG{signal})
"""
BEFORE_THE_LOOP = "_settings.resolve = interrupt"
IN_THE_START = """
async def start(self):
    try:
        interrupt()
        await asyncio.Event().wait()
    finally:
        print("closed", flush=True)
Emulator.start = start
"""
AT_ITS_END = """
async def start(self):
    await started(self)
    interrupt()
Emulator.start = start
"""


def run(folder: Path, patch: str, signal: str = "INT") -> "subprocess.CompletedProcess[str]":
    script = f"{_BEGIN.format(signal=signal)}\n{patch}\nmain()"
    return subprocess.run(
        [sys.executable, "-c", script, "up", "--memory", "--no-seed", "--port", "0"],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if not name.startswith("HABITR_")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_before_the_start_it_is_told_in_one_sentence(tmp_path: Path) -> None:
    done = run(tmp_path, BEFORE_THE_LOOP)
    assert (done.returncode, done.stderr) == (130, "stopped by Ctrl-C\n")


@pytest.mark.parametrize("signal", ["INT", "TERM"])
def test_during_the_start_what_was_opened_is_closed(tmp_path: Path, signal: str) -> None:
    done = run(tmp_path, IN_THE_START, signal)
    assert (done.returncode, done.stdout, done.stderr) == (130, "closed\n", "stopped before it was ready\n")


@pytest.mark.parametrize("signal", ["INT", "TERM"])
def test_the_moment_it_is_ready_it_stops_cleanly(tmp_path: Path, signal: str) -> None:
    done = run(tmp_path, AT_ITS_END, signal)
    assert (done.returncode, done.stdout.splitlines()[-1:], done.stderr) == (0, ["Ready."], "")
