"""GetFunctionConcurrency: the reserved concurrency of a function.

https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConcurrency.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import functions, settings
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:GetFunctionConcurrency", resources=functions.arn_of)
async def get_function_concurrency(request: Input, ctx: Context) -> Output:
    """The reserved concurrency; nothing if there is none."""
    function = functions.require(ctx.account, request["FunctionName"])
    reserved = settings.get(ctx.account, function.name, settings.RESERVED_CONCURRENCY)
    return {} if reserved is None else {"ReservedConcurrentExecutions": reserved}
