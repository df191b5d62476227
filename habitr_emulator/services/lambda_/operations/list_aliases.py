"""ListAliases: the aliases of a function, 50 at a time.

https://docs.aws.amazon.com/lambda/latest/api/API_ListAliases.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import functions, versions
from habitr_emulator.services.lambda_.paging import page
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:ListAliases", resources=functions.arn_of)
async def list_aliases(request: Input, ctx: Context) -> Output:
    """List aliases by name, or those that name ``FunctionVersion``."""
    function = functions.require(ctx.account, request["FunctionName"])
    version = request.get("FunctionVersion")
    found = versions.aliases(ctx.account, function.name)
    return page("Aliases", [each for each in found if version in (None, each["FunctionVersion"])], request)
