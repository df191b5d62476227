"""DeleteFunctionConcurrency: let a function run as often at once as the account may.

https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionConcurrency.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import functions, settings
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:DeleteFunctionConcurrency", resources=functions.arn_of)
async def delete_function_concurrency(request: Input, ctx: Context) -> Output:
    """Remove the reservation; there may be none."""
    function = functions.require(ctx.account, request["FunctionName"])
    await settings.put(ctx, function.name, settings.RESERVED_CONCURRENCY, None)
    return {}
