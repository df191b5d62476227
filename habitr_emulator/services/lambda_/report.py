"""The log of an invocation, as CloudWatch shows it and ``LogType=Tail`` returns it.

https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
"""

from base64 import b64encode
from math import ceil

from habitr_emulator.services.lambda_.functions import Function
from habitr_emulator.services.lambda_.pool import Run

_TAIL = 4096


def text(function: Function, request_id: str, run: Run) -> bytes:
    """START, what the function wrote, END and REPORT."""
    output = run.log if not run.log or run.log.endswith(b"\n") else run.log + b"\n"
    start = f"START RequestId: {request_id} Version: {function.version}\n"
    end = f"END RequestId: {request_id}\n{_report(function, request_id, run)}"
    return start.encode() + output + end.encode()


def _report(function: Function, request_id: str, run: Run) -> str:
    milliseconds = run.duration * 1000
    parts = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {milliseconds:.2f} ms",
        f"Billed Duration: {ceil(milliseconds)} ms",
        f"Memory Size: {function.configuration['MemorySize']} MB",
        f"Max Memory Used: {run.reply.memory} MB",
    ]
    if run.init is not None:
        parts.append(f"Init Duration: {run.init * 1000:.2f} ms")
    return "\t".join(parts) + "\t\n"


def tail(log: bytes) -> str:
    """The last 4 KB, base64."""
    return b64encode(log[-_TAIL:]).decode()
