"""ListVersionsByFunction: ``$LATEST`` and every published version, 50 at a time.

https://docs.aws.amazon.com/lambda/latest/api/API_ListVersionsByFunction.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import changes, functions, versions
from habitr_emulator.services.lambda_.paging import page
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:ListVersionsByFunction", resources=functions.arn_of)
async def list_versions_by_function(request: Input, ctx: Context) -> Output:
    """List the versions, the oldest first; each ARN names its version."""
    function = functions.require(ctx.account, request["FunctionName"])
    latest = versions.resolve(ctx.account, function.name, functions.LATEST)
    listed = [changes.described(ctx, each) for each in (latest, *versions.published(ctx.account, function.name))]
    return page("Versions", listed, request)
