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
#: The variable that tells a detached emulator that it is one, and which log goes with it (``kept``: none).
DETACHED = "HABITR_DETACHED"


def detached(arguments: Sequence[str], settings: Settings) -> int:
    """Run the same command in a session of its own; print what it prints up to Ready, and return its exit code if
    it ends before. What it says later goes to ``up.log`` in the data folder; with ``--memory`` to a temporary
    file, which is removed when it has ended well.
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
            env=os.environ | {DETACHED: str(log) if settings.memory else "kept", "PYTHONUNBUFFERED": "1"},
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
            if settings.memory:
                log.unlink()
            return code or NOT_RUNNING
        try:
            time.sleep(0.01)
        except KeyboardInterrupt:
            process.terminate()
            raise
    process.terminate()
    click.echo(f"the emulator was not ready after {LONGEST:g} s; its log: {log}", err=True)
    return NOT_RUNNING


def forget_log() -> None:
    """Remove the log of this process, if it is a detached one that keeps nothing."""
    log = os.environ.get(DETACHED, "kept")
    if log != "kept":
        Path(log).unlink(missing_ok=True)


def _log_file(settings: Settings) -> Path:
    if settings.memory:
        handle, name = tempfile.mkstemp(prefix="habitr-emulator-", suffix=".log")
        os.close(handle)
        return Path(name)
    folder = settings.data_dir or (settings.project or Path.cwd()) / ".habitr"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "up.log"
