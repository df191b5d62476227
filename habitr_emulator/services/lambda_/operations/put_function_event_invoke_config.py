"""PutFunctionEventInvokeConfig: how asynchronous events of a function are retried.

https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import event_invoke, functions
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:PutFunctionEventInvokeConfig", resources=functions.arn_of)
async def put_function_event_invoke_config(request: Input, ctx: Context) -> Output:
    """Set the whole configuration; raises ResourceNotFoundException, NotBuilt (destinations that are not here)."""
    return await event_invoke.put(ctx, request, {})
