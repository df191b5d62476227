"""UpdateFunctionEventInvokeConfig: change how asynchronous events of a function are retried.

https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionEventInvokeConfig.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import event_invoke, functions
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:UpdateFunctionEventInvokeConfig", resources=functions.arn_of)
async def update_function_event_invoke_config(request: Input, ctx: Context) -> Output:
    """Change what the request names; raises ResourceNotFoundException."""
    return await event_invoke.put(ctx, request, event_invoke.require(ctx.account, request))
