"""exec: run a command against a fresh emulator."""

import asyncio
import contextlib
import os
import signal
from typing import TYPE_CHECKING, Any

import click

from habitr_emulator.cli import NOT_RUNNING, fail
from habitr_emulator.cli._config import variables
from habitr_emulator.cli._settings import passing_flags, settings_of

if TYPE_CHECKING:
    from habitr_emulator.emulator import Emulator


@click.command(epilog="Example: habitr-emulator exec -- aws s3 ls")
@passing_flags
@click.argument("cmd", nargs=-1, required=True)
def command(cmd: tuple[str, ...], **given: Any) -> None:
    """Start on a free port, in memory, run CMD with the endpoint variables, stop; exit as CMD did."""
    from habitr_emulator.cli._run import run

    fixed: dict[str, Any] = {}
    if given["port"] is None:
        fixed["port"] = 0
    if given["data_dir"] is None:
        fixed["memory"] = True

    async def work(emulator: "Emulator") -> int:
        return await _run_command(emulator, cmd)

    raise SystemExit(run(settings_of(given, **fixed), work))


async def _run_command(emulator: "Emulator", cmd: tuple[str, ...]) -> int:
    pem = emulator.ca_pem()
    ca_file = emulator.ca_file
    assert pem
    environment = os.environ | variables(emulator.config(), ca_file)
    try:
        process = await asyncio.create_subprocess_exec(*cmd, env=environment)
    except (FileNotFoundError, PermissionError) as error:
        fail(f"cannot run {cmd[0]}: {error.strerror}", NOT_RUNNING)
        raise
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, _pass_on, process, number)
    stopping = asyncio.ensure_future(_end_with(emulator, process))
    code = await process.wait()
    stopping.cancel()
    return code if code >= 0 else 128 - code


async def _end_with(emulator: "Emulator", process: asyncio.subprocess.Process) -> None:
    """The verb ``down`` ends the command, and so all."""
    await emulator.stopping.wait()
    _pass_on(process, signal.SIGTERM)


def _pass_on(process: asyncio.subprocess.Process, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(number)
