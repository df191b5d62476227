"""How a function's process is started and talked to, one file per runtime family."""

from importlib import import_module
from typing import Protocol, cast

from habitr_emulator.services.lambda_.sandbox import Launch, Sandbox


class Runtime(Protocol):
    """What a file of this folder offers."""

    async def start(self, launch: Launch) -> Sandbox:
        """Start a process; raises OSError if its program cannot be run."""


_FAMILIES = {"python": "python", "nodejs": "nodejs", "provided": "provided", "go": "provided"}


def family(runtime: str) -> str | None:
    """The file of a runtime identifier (``python3.12`` → ``python``), or None."""
    return _FAMILIES.get(runtime.rstrip("0123456789.x").partition(".")[0])


def find(name: str) -> Runtime:
    """The module of a family."""
    return cast("Runtime", import_module(f"{__name__}.{name}"))
