"""UpdateFunctionConfiguration: change a function's settings.

https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import changes, functions, pool
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:UpdateFunctionConfiguration", resources=functions.arn_of)
async def update_function_configuration(request: Input, ctx: Context) -> Output:
    """Change what the request names; ``Environment`` replaces all variables. Warm workers end."""
    if "Role" in request:
        ctx.authorize("iam:PassRole", request["Role"], {"iam:PassedToService": "lambda.amazonaws.com"})
    function = functions.require(ctx.account, request["FunctionName"])
    changes.check_revision(function, request.get("RevisionId"))
    changes.check_settings(request)
    if "Runtime" in request:
        pool.check_runtime(request["Runtime"])
    configuration = changes.updated(ctx, function, request)
    await ctx.store.write(lambda tx: changes.put(tx, configuration, None))
    return changes.described(ctx, functions.require(ctx.account, function.name))
