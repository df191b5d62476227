"""GetFunctionEventInvokeConfig: how asynchronous events of a function are retried.

https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionEventInvokeConfig.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import event_invoke, functions
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:GetFunctionEventInvokeConfig", resources=functions.arn_of)
async def get_function_event_invoke_config(request: Input, ctx: Context) -> Output:
    """The configuration; raises ResourceNotFoundException if there is none."""
    return event_invoke.require(ctx.account, request)
