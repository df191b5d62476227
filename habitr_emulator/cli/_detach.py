"""Start an emulator that outlives this command."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click

from habitr_emulator.cli import NOT_RUNNING
from habitr_emulator.settings import Settings

LONGEST = 60.0
READY = "Ready."


def detached(arguments: Sequence[str], settings: Settings) -> int:
    """Run the same command in a session of its own; print what it prints up to Ready, and return its exit code if
    it ends before. What it says later goes to ``up.log`` in the data folder.
    """
    log = _log_file(settings)
    words = [word for word in arguments if word != "--detach"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "habitr_emulator", *words],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env=os.environ | {"HABITR_DETACHED": "1", "PYTHONUNBUFFERED": "1"},
        )
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        code = process.poll()
        text = log.read_text(errors="replace")
        if READY in text.splitlines():
            head, _, _ = text.partition(f"{READY}\n")
            click.echo(f"{head}  {'log':<14} {log}\n{READY}")
            return 0
        if code is not None:
            click.echo(text, err=True, nl=False)
            return code or NOT_RUNNING
        try:
            time.sleep(0.01)
        except KeyboardInterrupt:
            process.terminate()
            raise
    process.terminate()
    click.echo(f"the emulator was not ready after {LONGEST:g} s; its log: {log}", err=True)
    return NOT_RUNNING


def _log_file(settings: Settings) -> Path:
    if settings.memory:
        handle, name = tempfile.mkstemp(prefix="habitr-emulator-", suffix=".log")
        os.close(handle)
        return Path(name)
    folder = settings.data_dir or (settings.project or Path.cwd()) / ".habitr"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "up.log"
