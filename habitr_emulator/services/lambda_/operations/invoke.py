"""Invoke: run a function and answer what it returns, or queue the event and answer at once.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

import json
from base64 import b64decode
from typing import Any

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import functions, invocations, permissions, report, versions
from habitr_emulator.services.lambda_.asynchronous import Events
from habitr_emulator.services.lambda_.errors import InvalidRequestContentException, RequestTooLargeException
from habitr_emulator.services.lambda_.functions import Function
from habitr_emulator.services.lambda_.sandbox import Invocation
from habitr_emulator.services.registry import Auth, Input, Output, operation

MAXIMUM_PAYLOAD, MAXIMUM_EVENT = 6_291_456, 1_048_576


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
    function = versions.resolve(ctx.account, request["FunctionName"], request.get("Qualifier"))
    kind = request.get("InvocationType") or "RequestResponse"
    if kind == "DryRun":
        return {"StatusCode": 204, "ExecutedVersion": function.version}
    invocation = _invocation(request, ctx, function, MAXIMUM_EVENT if kind == "Event" else MAXIMUM_PAYLOAD)
    if kind == "Event":
        await ctx.account.part(Events).accept(ctx, function, permissions.qualifier_of(request), invocation)
        return {"StatusCode": 202, "Payload": b""}
    answered = await invocations.run(ctx, function, invocation)
    if request.get("LogType") == "Tail":
        return {**answered.output, "LogResult": report.tail(answered.log)}
    return answered.output


def _invocation(request: Input, ctx: Context, function: Function, maximum: int) -> Invocation:
    payload = request.get("Payload") or b"{}"
    if len(payload) > maximum:
        text = f"Request must be smaller than {maximum} bytes for the InvokeFunction operation"
        raise RequestTooLargeException(text)
    _check_json(payload)
    return invocations.made(
        function,
        ctx.ids.uuid(),
        payload,
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
