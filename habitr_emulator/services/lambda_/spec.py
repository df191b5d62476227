"""Which functions exist."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Function:
    """A function: ``code`` is its folder (the task root), ``runtime`` and ``handler`` as Lambda names them,
    ``timeout`` in seconds, ``memory_size`` in MiB. In ``environment`` values, the text ``{endpoint}`` stands
    for the emulator's own URL, filled in at start.
    """

    function_name: str
    runtime: str
    handler: str
    code: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    timeout: int = 25
    memory_size: int = 128
    role_arn: str = ""
    description: str = ""


@dataclass(frozen=True)
class EventSource:
    """A table whose stream feeds a function; ``settings`` as CreateEventSourceMapping takes them."""

    function_name: str
    table_name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
