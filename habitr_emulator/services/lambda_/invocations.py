"""One invocation: what it is made of, and its run with log and trace."""

import logging
from dataclasses import dataclass
from typing import Any

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import failures, report
from habitr_emulator.services.lambda_.functions import Function
from habitr_emulator.services.lambda_.log_group import Logs
from habitr_emulator.services.lambda_.pool import Pool
from habitr_emulator.services.lambda_.sandbox import Invocation

#: So much of a function's output stands in the trace of a request.
TRACED_LOG = 4096
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answered:
    """What Invoke answers, and the log of the invocation."""

    output: dict[str, Any]
    log: bytes


def made(
    function: Function, request_id: str, event: bytes, *, client_context: str = "", trace_id: str = ""
) -> Invocation:
    """An invocation of ``function`` with ``event`` (JSON)."""
    return Invocation(
        request_id=request_id,
        event=event,
        function_arn=function.arn,
        timeout=float(function.configuration["Timeout"]),
        client_context=client_context,
        trace_id=trace_id,
    )


async def run(ctx: Context, function: Function, invocation: Invocation) -> Answered:
    """Run it on a worker. Raises TooManyRequestsException, NotBuilt."""
    run = await ctx.account.part(Pool).run(ctx, function, invocation)
    log = report.text(function, invocation.request_id, run)
    ctx.span.note(function=function.name, cold=run.init is not None, failed=run.reply.failed)
    if run.log:
        ctx.span.note(log=run.log[-TRACED_LOG:].decode(errors="replace"))
    for line in run.log.decode(errors="replace").splitlines():
        _log.info("%s: %s", function.name, line)
    ctx.account.bus.spawn(ctx.account.part(Logs).write(ctx, function.name, run.stream, log))
    output: dict[str, Any] = {"StatusCode": 200, "ExecutedVersion": function.version, "Payload": run.reply.payload}
    if run.reply.failed:
        output["Payload"] = failures.named(run.reply.payload, invocation.request_id)
        output["FunctionError"] = "Unhandled"
    return Answered(output, log)
