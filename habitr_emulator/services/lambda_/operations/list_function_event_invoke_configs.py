"""ListFunctionEventInvokeConfigs: how asynchronous events of a function, its versions and aliases are retried.

https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctionEventInvokeConfigs.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import event_invoke, functions
from habitr_emulator.services.lambda_.paging import page
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:ListFunctionEventInvokeConfigs", resources=functions.arn_of)
async def list_function_event_invoke_configs(request: Input, ctx: Context) -> Output:
    """List them by qualifier, 50 at a time."""
    function = functions.require(ctx.account, request["FunctionName"])
    return page("FunctionEventInvokeConfigs", event_invoke.of(ctx.account, function), request)
