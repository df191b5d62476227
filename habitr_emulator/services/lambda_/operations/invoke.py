"""Invoke: run a function and answer what it returns, or queue the event and answer at once.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

import asyncio
import json
import logging
from base64 import b64decode
from typing import Any

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import failures, functions, permissions, report
from habitr_emulator.services.lambda_.errors import InvalidRequestContentException, RequestTooLargeException
from habitr_emulator.services.lambda_.functions import Function
from habitr_emulator.services.lambda_.pool import Pool
from habitr_emulator.services.lambda_.sandbox import Invocation
from habitr_emulator.services.registry import Auth, Input, Output, operation

MAXIMUM_PAYLOAD, MAXIMUM_EVENT = 6_291_456, 1_048_576
#: An event that fails is tried again after so many seconds.
#: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
RETRY_AFTER = (60.0, 120.0)
_log = logging.getLogger(__name__)


@operation(
    auth=Auth.SIGNED,
    action="lambda:InvokeFunction",
    resources=functions.arn_of,
    resource_policy=permissions.policy_of,
)
async def invoke(request: Input, ctx: Context) -> Output:
    """Invoke ``FunctionName`` (name or ARN) with ``Payload`` (JSON as bytes).

    RequestResponse answers 200 with the function's result as ``Payload``; ``FunctionError`` is set if that is an
    error object. Event answers 202, DryRun 204. Raises ResourceNotFoundException,
    InvalidRequestContentException, RequestTooLargeException, TooManyRequestsException.
    """
    function = functions.require(ctx.account, request["FunctionName"], request.get("Qualifier"))
    kind = request.get("InvocationType") or "RequestResponse"
    if kind == "DryRun":
        return {"StatusCode": 204, "ExecutedVersion": "$LATEST"}
    invocation = _invocation(request, ctx, function, MAXIMUM_EVENT if kind == "Event" else MAXIMUM_PAYLOAD)
    if kind == "Event":
        ctx.account.bus.spawn(_deliver(ctx, function.name, invocation))
        return {"StatusCode": 202, "Payload": b""}
    answer, log = await _run(ctx, function, invocation)
    if request.get("LogType") == "Tail":
        answer["LogResult"] = report.tail(log)
    return answer


async def _run(ctx: Context, function: Function, invocation: Invocation) -> tuple[Output, bytes]:
    run = await ctx.account.part(Pool).run(ctx, function, invocation)
    log = report.text(function, invocation.request_id, run)
    ctx.span.note(function=function.name, cold=run.init is not None, failed=run.reply.failed)
    for line in run.log.decode(errors="replace").splitlines():
        _log.info("%s: %s", function.name, line)
    answer: Output = {"StatusCode": 200, "ExecutedVersion": "$LATEST", "Payload": run.reply.payload}
    if run.reply.failed:
        answer["Payload"] = failures.named(run.reply.payload, invocation.request_id)
        answer["FunctionError"] = "Unhandled"
    return answer, log


async def _deliver(ctx: Context, name: str, invocation: Invocation) -> None:
    """An asynchronous event: tried up to three times."""
    for wait in (*RETRY_AFTER, None):
        function = functions.get(ctx.account, name)
        if function is None:
            return
        answer, _ = await _run(ctx, function, invocation)
        if "FunctionError" not in answer:
            return
        if wait is not None:
            _log.warning("%s failed for an event; tried again in %d s", name, wait)
            await asyncio.sleep(wait)
    _log.warning("%s failed for an event three times; the event is dropped", name)


def _invocation(request: Input, ctx: Context, function: Function, maximum: int) -> Invocation:
    payload = request.get("Payload") or b"{}"
    if len(payload) > maximum:
        text = f"Request must be smaller than {maximum} bytes for the InvokeFunction operation"
        raise RequestTooLargeException(text)
    _check_json(payload)
    return Invocation(
        request_id=ctx.ids.uuid(),
        event=payload,
        function_arn=function.arn,
        timeout=float(function.configuration["Timeout"]),
        client_context=_client_context(request.get("ClientContext")),
        trace_id=ctx.headers.get("x-amzn-trace-id", ""),
    )


def _check_json(payload: bytes) -> None:
    try:
        json.loads(payload)
    except (ValueError, RecursionError) as error:
        text = f"Could not parse request body into json: Could not parse payload into json: {error}"
        raise InvalidRequestContentException(text) from None


def _client_context(encoded: str | None) -> str:
    if not encoded:
        return ""
    try:
        values: Any = json.loads(b64decode(encoded, validate=True))
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise InvalidRequestContentException("Client context must be a valid Base64-encoded JSON object.")
    return json.dumps(values)
