"""Node.js handlers: the ``node`` of the PATH with a small bootstrap that polls the Runtime API."""

from pathlib import Path

from habitr_emulator.services.lambda_.runtimes import provided
from habitr_emulator.services.lambda_.sandbox import Launch, Sandbox

_BOOTSTRAP = Path(__file__).with_name("nodejs_bootstrap.mjs")


async def start(launch: Launch) -> Sandbox:
    """Start node; raises FileNotFoundError if there is none."""
    return await provided.start_program(launch, ["node", str(_BOOTSTRAP)])
