"""How asynchronous events are retried, and who hears how they ended.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html
"""

from collections.abc import Mapping
from typing import Any

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.context import Account, Context
from habitr_emulator.services.lambda_ import functions, permissions, settings, versions
from habitr_emulator.services.lambda_.errors import ResourceNotFoundException
from habitr_emulator.services.lambda_.functions import Function

RETRIES, AGE_SECONDS = 2, 21_600
_SETTABLE = ("MaximumRetryAttempts", "MaximumEventAgeInSeconds", "DestinationConfig")


def require(account: Account, request: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration of what a request names (function, version, alias); raises ResourceNotFoundException."""
    function = versions.resolve(account, request["FunctionName"], request.get("Qualifier"))
    found = settings.get(account, function.name, settings.EVENT_INVOKE, permissions.qualifier_of(request))
    if found is None:
        text = f"The function {_arn(function, request)} doesn't have an EventInvokeConfig"
        raise ResourceNotFoundException(text)
    return dict(found)


def of(account: Account, function: Function) -> list[dict[str, Any]]:
    """Every configuration of a function, by qualifier."""
    return list(settings.by_qualifier(account, function.name, settings.EVENT_INVOKE).values())


def wanted(account: Account, function: Function, qualifier: str) -> Mapping[str, Any]:
    """What holds for an event: the qualifier's configuration, else AWS's own values."""
    found = settings.get(account, function.name, settings.EVENT_INVOKE, qualifier)
    return {"MaximumRetryAttempts": RETRIES, "MaximumEventAgeInSeconds": AGE_SECONDS, **(found or {})}


async def put(ctx: Context, request: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a configuration: what was ``before``, with what the request names."""
    function = versions.resolve(ctx.account, request["FunctionName"], request.get("Qualifier"))
    for side in (request.get("DestinationConfig") or {}).values():
        _check_destination(ctx, str(side.get("Destination") or ""))
    made = {
        **{name: before[name] for name in _SETTABLE if name in before},
        **{name: request[name] for name in _SETTABLE if request.get(name) is not None},
        "FunctionArn": _arn(function, request),
        "LastModified": ctx.clock.now(),
    }
    await settings.put(ctx, function.name, settings.EVENT_INVOKE, made, permissions.qualifier_of(request))
    return made


async def delete(ctx: Context, request: Mapping[str, Any]) -> None:
    """Forget the configuration that a request names."""
    name = functions.name_of(request["FunctionName"])
    await settings.put(ctx, name, settings.EVENT_INVOKE, None, permissions.qualifier_of(request))


def _check_destination(ctx: Context, arn: str) -> None:
    """Only functions can be told how an event ended: there is no SQS, SNS or EventBridge here."""
    if not arn:
        return
    if ":lambda:" not in arn:
        raise NotBuilt(
            "Only functions are built as destinations of asynchronous events.",
            why=f"not built: there is no such service here to send it to: {arn}",
        )
    functions.require(ctx.account, arn)


def _arn(function: Function, request: Mapping[str, Any]) -> str:
    return function.arn if permissions.qualifier_of(request) else f"{function.arn}:{functions.LATEST}"
