"""Programs that speak the Runtime API themselves: Go, Rust, shell … as ``bootstrap``, or what the handler names.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
"""

from collections.abc import Sequence

from habitr_emulator.services.lambda_.process import Process
from habitr_emulator.services.lambda_.runtime_api import RuntimeApi
from habitr_emulator.services.lambda_.runtimes import go_build
from habitr_emulator.services.lambda_.sandbox import Launch, Sandbox


async def start(launch: Launch) -> Sandbox:
    """Start ``bootstrap`` of the task root; without one the program of the handler's name (``main`` of go1.x).

    Go sources of the project are built first, where there is a ``go``: a program beside them may be older.
    """
    programs = [launch.folder / name for name in ("bootstrap", launch.handler)]
    program = next((path for path in programs if path.is_file()), None)
    if launch.built is not None and go_build.has_sources(launch.folder) and (program is None or go_build.go()):
        return await start_program(launch, [str(await go_build.program(launch.folder, launch.built))])
    if program is None or not program.resolve().is_relative_to(launch.folder.resolve()):
        raise FileNotFoundError(f"Couldn't find valid bootstrap(s): {[str(path) for path in programs]}")
    return await start_program(launch, [str(program)])


async def start_program(launch: Launch, command: Sequence[str]) -> Sandbox:
    """Start a program that polls a Runtime API of its own; raises OSError if it cannot run."""
    sandbox = Sandbox()
    api = RuntimeApi(sandbox)
    sandbox.deliver, sandbox.close_channel = api.deliver, api.close
    sandbox.process = Process(None, sandbox.ended)
    environment = {**launch.environment, "_HANDLER": launch.handler, "AWS_LAMBDA_RUNTIME_API": await api.listen()}
    try:
        await sandbox.process.start(command, environment, launch.folder)
    except OSError:
        api.close()
        raise
    return sandbox
