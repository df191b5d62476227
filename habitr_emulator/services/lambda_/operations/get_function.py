"""GetFunction: a function's configuration and tags.

https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import changes, functions, settings, tags, versions
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:GetFunction", resources=functions.arn_of)
async def get_function(request: Input, ctx: Context) -> Output:
    """Describe ``FunctionName``. ``Code`` has no Location: code is not kept in a bucket here."""
    function = versions.resolve(ctx.account, request["FunctionName"], request.get("Qualifier"))
    labels = tags.of(ctx.account, function.name)
    reserved = settings.get(ctx.account, function.name, settings.RESERVED_CONCURRENCY)
    return {
        "Configuration": changes.described(ctx, function),
        "Code": {"RepositoryType": "S3"},
        **({"Tags": labels} if labels else {}),
        **({"Concurrency": {"ReservedConcurrentExecutions": reserved}} if reserved is not None else {}),
    }
