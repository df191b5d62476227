"""DeleteFunction: remove a function and its policy.

https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import functions
from habitr_emulator.services.lambda_.pool import Pool
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:DeleteFunction", resources=functions.arn_of)
async def delete_function(request: Input, ctx: Context) -> Output:
    """Remove ``FunctionName``; a function of the project comes back when that is deployed again."""
    function = functions.require(ctx.account, request["FunctionName"], request.get("Qualifier"))
    deployed = ctx.account.part(functions.Deployed).functions

    def delete(tx: Transaction) -> None:
        tx.execute("DELETE FROM lambda_function WHERE function_name = ?", (function.name,))
        tx.execute("DELETE FROM lambda_permission WHERE function_name = ?", (function.name,))
        if function.name in deployed:
            tx.execute("INSERT INTO lambda_function VALUES (?, ?, NULL, NULL)", (function.name, functions.DELETED))

    await ctx.store.write(delete)
    await ctx.account.part(Pool).forget(function.name)
    return {}
