"""RemovePermission: take a statement out of a function's policy.

https://docs.aws.amazon.com/lambda/latest/api/API_RemovePermission.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import functions, permissions, versions
from habitr_emulator.services.lambda_.errors import ResourceNotFoundException
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:RemovePermission", resources=functions.arn_of)
async def remove_permission(request: Input, ctx: Context) -> Output:
    """Remove the statement ``StatementId``; raises ResourceNotFoundException if there is none."""
    function = versions.resolve(ctx.account, request["FunctionName"], request.get("Qualifier"))
    key = (function.name, permissions.qualifier_of(request), request["StatementId"])

    def remove(tx: Transaction) -> int:
        sql = "DELETE FROM lambda_permission WHERE function_name = ? AND qualifier = ? AND statement_id = ?"
        return tx.execute(sql, key).rowcount

    if await ctx.store.write(remove) == 0:
        raise ResourceNotFoundException(f"Statement {key[2]} is not found in resource policy.")
    return {}
