"""Run an emulator in this process until a condition ends it, with the exit codes of the product."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Awaitable, Callable

import click

from habitr_emulator.cli import INTERRUPTED, NOT_RUNNING, PORT_TAKEN, PROJECT_INVALID, fail
from habitr_emulator.cli._holder import holder
from habitr_emulator.cli._progress import Bar
from habitr_emulator.emulator import Emulator
from habitr_emulator.gateway.doors import PortTaken
from habitr_emulator.kernel import log
from habitr_emulator.kernel.errors import ProjectError, SeedError
from habitr_emulator.kernel.store import StoreDamaged
from habitr_emulator.settings import Settings
from habitr_emulator.state.claim import FolderInUse


def run(settings: Settings, work: Callable[[Emulator], Awaitable[int]]) -> int:
    """Start an emulator, run ``work`` with it, stop it; exits with 3 or 4 if it cannot start, and with 130 if it
    is told to stop before it has.
    """
    log.configure(os.environ.get("HABITR_LOG", "INFO"))
    gc.disable()  # nothing of a start is garbage
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            code = runner.run(_with(settings, work))
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # all is stopped: a second Ctrl-C changes nothing
        return code
    except PortTaken as taken:
        fail(
            f"port {taken.port} is taken: {holder(taken.port) or 'another program'} listens on {taken.host}; "
            "end it, or choose another with --port (0 picks a free one)",
            PORT_TAKEN,
        )
    except ProjectError as error:
        fail(f"the project cannot be run: {error}", PROJECT_INVALID)
    except SeedError as error:
        fail(f"the seed cannot be played: {error}; without it: --no-seed", PROJECT_INVALID)
    except (FolderInUse, StoreDamaged) as error:
        fail(str(error), NOT_RUNNING)
    except OSError as error:
        about = f": {error.filename}" if error.filename else ""
        fail(f"the emulator cannot start: {error.strerror or error}{about}", NOT_RUNNING)


async def _with(settings: Settings, work: Callable[[Emulator], Awaitable[int]]) -> int:
    emulator = Emulator(settings, own_process=True)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, emulator.stopping.set)
    with Bar("seeding") as bar:
        emulator.seeding = bar.show
        started = await _started(emulator)
    if not started:
        click.echo("stopped before it was ready", err=True)
        return INTERRUPTED
    try:
        gc.freeze()
        gc.enable()
        return await work(emulator)
    finally:
        await emulator.stop()


async def _started(emulator: Emulator) -> bool:
    """Start, unless SIGINT, SIGTERM or the verb ``down`` comes first; what was opened is closed then."""
    start, stop = asyncio.ensure_future(emulator.start()), asyncio.ensure_future(emulator.stopping.wait())
    await asyncio.wait((start, stop), return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    start.cancel()  # nothing, if it is done
    try:
        await start
    except asyncio.CancelledError:
        return False
    return True


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32" or "HABITR_NO_UVLOOP" in os.environ:
        return None
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop
