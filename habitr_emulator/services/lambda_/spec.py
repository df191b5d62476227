"""Which functions exist."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Function:
    """A function: ``code`` is its folder (the task root), ``runtime`` and ``handler`` as Lambda names them,
    ``timeout`` in seconds, ``memory_size`` in MiB. In ``environment`` values, the text ``{endpoint}`` stands
    for the emulator's own URL, filled in at start. ``layers`` are folders as ``/opt`` has them (``python/``,
    ``nodejs/node_modules/`` …), the last first. ``schedules`` are expressions of EventBridge: ``rate(5 minutes)``
    and ``cron(0 12 * * ? *)``.
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
    layers: Sequence[Path] = ()
    schedules: Sequence[str] = ()


@dataclass(frozen=True)
class EventSource:
    """A table whose stream feeds a function; ``settings`` as CreateEventSourceMapping takes them."""

    function_name: str
    table_name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
