"""DeleteAlias: forget the name of a version.

https://docs.aws.amazon.com/lambda/latest/api/API_DeleteAlias.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import functions
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:DeleteAlias", resources=functions.arn_of)
async def delete_alias(request: Input, ctx: Context) -> Output:
    """Delete the alias ``Name``; there may be none."""
    key = (functions.name_of(request["FunctionName"]), request["Name"])

    def delete(tx: Transaction) -> None:
        tx.execute("DELETE FROM lambda_alias WHERE function_name = ? AND name = ?", key)

    await ctx.store.write(delete)
    return {}
