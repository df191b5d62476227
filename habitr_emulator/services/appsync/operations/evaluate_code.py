"""EvaluateCode: run a handler of APPSYNC_JS code against a context.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_EvaluateCode.html
"""

from typing import Final, Literal

from habitr_emulator.services.appsync.errors import BadRequestException
from habitr_emulator.services.appsync.evaluation import evaluate, read_context
from habitr_emulator.services.appsync.spec import JavaScript
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation

HANDLERS: Final[dict[str, Literal["request", "response"]]] = {"request": "request", "response": "response"}


@operation(action="appsync:EvaluateCode")
async def evaluate_code(request: Input, ctx: Context) -> Output:
    """What the handler returns as JSON, or the error; beside it stash, appended errors and log lines.

    Raises BadRequestException.
    """
    handler = HANDLERS.get(request.get("function") or "request")
    if handler is None:
        raise BadRequestException("The function must be request or response.")  # guess: the service's wording
    return evaluate(JavaScript(request["code"], handler), read_context(request["context"], ctx))
