"""One template or handler, evaluated by itself: EvaluateMappingTemplate and EvaluateCode.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_EvaluateCode.html
"""

from typing import Any

import orjson

from habitr_emulator.services.appsync.errors import BadRequestException
from habitr_emulator.services.appsync.spec import (
    EarlyReturn,
    JavaScript,
    ResolverContext,
    ResolverError,
    Unauthorized,
    Vtl,
)
from habitr_emulator.services.appsync.vtl.render import context_of, render
from habitr_emulator.services.appsync.vtl.to_json import to_json
from habitr_emulator.services.context import Context


def read_context(text: str, ctx: Context) -> ResolverContext:
    """``$ctx`` of a JSON text; raises BadRequestException."""
    try:
        shown = orjson.loads(text)
    except orjson.JSONDecodeError:
        shown = None
    if not isinstance(shown, dict):
        # guess: the service's wording
        raise BadRequestException("The context must be a JSON object.")
    try:
        made = context_of(shown, ctx.clock.iso, ctx.ids.uuid)
    except (AttributeError, TypeError, ValueError) as error:
        raise BadRequestException(f"The context has a member of the wrong kind: {error}") from None
    made.logs = []
    return made


def evaluate(template: Vtl | JavaScript, ctx: ResolverContext) -> dict[str, Any]:
    """The answer: ``evaluationResult`` or ``error``, and ``stash``, ``outErrors`` and ``logs``."""
    outcome: dict[str, Any]
    try:
        outcome = {"evaluationResult": _run(template, ctx)}
    except EarlyReturn as early:
        outcome = {"evaluationResult": early.value if isinstance(early.value, str) else to_json(early.value)}
    except ResolverError as error:
        outcome = {"error": _told(error)}
    appended = [{"message": error.message, "type": error.error_type} for error in ctx.errors]
    return {**outcome, "stash": to_json(ctx.stash), "outErrors": to_json(appended), "logs": list(ctx.logs or ())}


def _run(template: Vtl | JavaScript, ctx: ResolverContext) -> str:
    if isinstance(template, Vtl):
        return render(template.text, ctx)
    from habitr_emulator.services.appsync.javascript.code import call

    return to_json(call(template, ctx))


def _told(error: ResolverError) -> dict[str, Any]:
    message = "Unauthorized" if isinstance(error, Unauthorized) and not error.message else error.message
    told: dict[str, Any] = {"message": message}
    if error.error_type == "Code" and error.error_info:
        told["codeErrors"] = error.error_info["codeErrors"]
    return told
