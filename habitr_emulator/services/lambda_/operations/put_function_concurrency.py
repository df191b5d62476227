"""PutFunctionConcurrency: limit how many invocations of a function run at once.

https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import functions, settings
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:PutFunctionConcurrency", resources=functions.arn_of)
async def put_function_concurrency(request: Input, ctx: Context) -> Output:
    """Reserve concurrency; further invocations are refused with TooManyRequestsException, all of them for 0."""
    function = functions.require(ctx.account, request["FunctionName"])
    reserved = request["ReservedConcurrentExecutions"]
    await settings.put(ctx, function.name, settings.RESERVED_CONCURRENCY, reserved)
    return {"ReservedConcurrentExecutions": reserved}
