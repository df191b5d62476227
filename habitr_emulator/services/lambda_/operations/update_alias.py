"""UpdateAlias: let an alias name another version, or share its calls between two.

https://docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import aliases, functions
from habitr_emulator.services.lambda_.errors import PreconditionFailedException
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:UpdateAlias", resources=functions.arn_of)
async def update_alias(request: Input, ctx: Context) -> Output:
    """Change what the request names; raises ResourceNotFoundException, PreconditionFailedException."""
    function = functions.require(ctx.account, request["FunctionName"])
    before = aliases.require(ctx.account, function, request["Name"])
    if request.get("RevisionId", before["RevisionId"]) != before["RevisionId"]:
        raise PreconditionFailedException()
    alias = aliases.made(ctx, function, request, before)
    await ctx.store.write(lambda tx: aliases.put(tx, function, alias))
    return alias
