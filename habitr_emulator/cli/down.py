"""down: end the emulator that runs."""

import time
import urllib.error
import urllib.request

import click

from habitr_emulator.cli import NOT_RUNNING, fail
from habitr_emulator.cli._admin import call, endpoint_option, where

LONGEST = 15.0


@click.command(epilog="Example: habitr-emulator down")
@endpoint_option
def command(endpoint: str | None) -> None:
    """Stop the running emulator as Ctrl-C does, and wait until it has ended; its state is kept."""
    base = where(endpoint)
    call(endpoint, "POST", "down")
    deadline = time.monotonic() + LONGEST
    while _answers(base):
        if time.monotonic() > deadline:
            fail(f"the emulator still answers after {LONGEST:g} s: {base}", NOT_RUNNING)
        time.sleep(0.05)
    click.echo(f"The emulator has ended: {base}")


def _answers(base: str) -> bool:
    try:
        with urllib.request.urlopen(f"{base}/_habitr/health", timeout=5):  # noqa: S310 - where() saw to the scheme
            return True
    except urllib.error.HTTPError as answered:
        answered.close()
        return True
    except (urllib.error.URLError, OSError):
        return False
