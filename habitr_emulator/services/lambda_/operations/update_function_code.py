"""UpdateFunctionCode: replace a function's code.

https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import changes, code, functions, versions
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:UpdateFunctionCode", resources=functions.arn_of)
async def update_function_code(request: Input, ctx: Context) -> Output:
    """Put ``ZipFile`` in the place of the code; warm workers of the old code end. ``DryRun`` only checks.

    A function of the project keeps this code until the project is deployed again.
    """
    function = functions.require(ctx.account, request["FunctionName"])
    changes.check_revision(function, request.get("RevisionId"))
    package = await changes.package_of(ctx, request)
    if request.get("DryRun"):
        return {**function.configuration, **code.describe_package(package)}
    configuration = changes.updated(ctx, function, {})
    await ctx.store.write(lambda tx: changes.put(tx, configuration, package))
    if request.get("Publish"):
        published = await versions.publish(ctx, functions.require(ctx.account, function.name), None)
        return changes.described(ctx, published)
    return {**configuration, **code.describe_package(package)}
