"""Python handlers: a warm interpreter that answers over a pipe, one frame an invocation.

To the worker: length (4 bytes, big-endian), length of the header (4), header (JSON), event. From the worker:
length (4), kind (1: ``R`` result, ``E`` error, ``S`` started, ``X`` could not start), memory in MiB (4), payload.
"""

import json
import sys
from pathlib import Path
from struct import Struct

from habitr_emulator.services.lambda_.process import Process
from habitr_emulator.services.lambda_.sandbox import Invocation, Launch, Reply, Sandbox

_LENGTHS = Struct(">II")
_REPLY = Struct(">IcI")
_BOOTSTRAP = Path(__file__).with_name("python_bootstrap.py")


async def start(launch: Launch) -> Sandbox:
    """Start an interpreter. ``-B``: a task root is read-only; ``-P`` and ``-s``: nothing of ours on its path."""
    sandbox = Sandbox()
    process = Process(_Frames(sandbox).feed, sandbox.ended)
    sandbox.process = process
    sandbox.deliver = lambda invocation, _: process.write(request_frame(invocation))
    command = [sys.executable, "-B", "-P", "-s", "-X", "utf8", str(_BOOTSTRAP)]
    await process.start(command, {**launch.environment, "_HANDLER": launch.handler}, launch.folder)
    return sandbox


def request_frame(invocation: Invocation) -> bytes:
    """An invocation as the worker reads it."""
    header = json.dumps(
        {
            "requestId": invocation.request_id,
            "functionArn": invocation.function_arn,
            "milliseconds": int(invocation.timeout * 1000),
            "clientContext": invocation.client_context,
            "traceId": invocation.trace_id,
        }
    ).encode()
    length = 4 + len(header) + len(invocation.event)
    return _LENGTHS.pack(length, len(header)) + header + invocation.event


class _Frames:
    """Cuts the worker's bytes into frames and tells the sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        self._buffer += data
        while len(self._buffer) >= _REPLY.size:
            length, kind, memory = _REPLY.unpack_from(self._buffer)
            if len(self._buffer) < 4 + length:
                return
            payload = bytes(self._buffer[_REPLY.size : 4 + length])
            del self._buffer[: 4 + length]
            self._tell(kind, Reply(payload, kind in b"EX", memory))

    def _tell(self, kind: bytes, reply: Reply) -> None:
        if kind == b"S":
            self._sandbox.started()
        elif kind == b"X":
            self._sandbox.started(reply)
        else:
            self._sandbox.answered(reply)
