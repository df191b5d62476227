"""GetFunctionConfiguration: a function's settings.

https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import changes, functions, versions
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:GetFunctionConfiguration", resources=functions.arn_of)
async def get_function_configuration(request: Input, ctx: Context) -> Output:
    """Describe ``FunctionName``; raises ResourceNotFoundException."""
    return changes.described(ctx, versions.resolve(ctx.account, request["FunctionName"], request.get("Qualifier")))
