"""CreateAlias: name a version of a function.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import aliases, functions
from habitr_emulator.services.lambda_.errors import ResourceConflictException
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:CreateAlias", resources=functions.arn_of)
async def create_alias(request: Input, ctx: Context) -> Output:
    """Make the alias ``Name``; raises ResourceConflictException, ResourceNotFoundException."""
    function = functions.require(ctx.account, request["FunctionName"])
    alias = aliases.made(ctx, function, request, {})

    def create(tx: Transaction) -> None:
        sql = "SELECT 1 FROM lambda_alias WHERE function_name = ? AND name = ?"
        if tx.one(sql, (function.name, alias["Name"])):
            raise ResourceConflictException(f"Alias already exists: {alias['AliasArn']}")
        aliases.put(tx, function, alias)

    await ctx.store.write(create)
    return alias
