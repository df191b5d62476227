"""GetAlias: which version an alias names.

https://docs.aws.amazon.com/lambda/latest/api/API_GetAlias.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import aliases, functions
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:GetAlias", resources=functions.arn_of)
async def get_alias(request: Input, ctx: Context) -> Output:
    """Describe the alias ``Name``; raises ResourceNotFoundException."""
    function = functions.require(ctx.account, request["FunctionName"])
    return aliases.require(ctx.account, function, request["Name"])
