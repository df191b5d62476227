"""DeleteFunctionEventInvokeConfig: retry asynchronous events of a function as AWS does by itself.

https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionEventInvokeConfig.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import event_invoke, functions
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:DeleteFunctionEventInvokeConfig", resources=functions.arn_of)
async def delete_function_event_invoke_config(request: Input, ctx: Context) -> Output:
    """Delete it; raises ResourceNotFoundException if there is none."""
    event_invoke.require(ctx.account, request)
    await event_invoke.delete(ctx, request)
    return {}
