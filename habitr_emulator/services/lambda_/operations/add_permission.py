"""AddPermission: let another principal invoke a function.

https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
"""

import json

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import functions, permissions, versions
from habitr_emulator.services.lambda_.errors import ResourceConflictException
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:AddPermission", resources=functions.arn_of)
async def add_permission(request: Input, ctx: Context) -> Output:
    """Add a statement to the function's policy; it is judged when a signed caller invokes the function."""
    function = versions.resolve(ctx.account, request["FunctionName"], request.get("Qualifier"))
    statement_id = request["StatementId"]
    statement = json.dumps(permissions.statement(request, function.arn), separators=(",", ":"))

    def add(tx: Transaction) -> None:
        key = (function.name, permissions.qualifier_of(request), statement_id)
        sql = "SELECT 1 FROM lambda_permission WHERE function_name = ? AND qualifier = ? AND statement_id = ?"
        if tx.one(sql, key):
            raise ResourceConflictException(
                f"The statement id ({statement_id}) provided already exists. Please provide a new statement id, "
                "or remove the existing statement."
            )
        tx.execute("INSERT INTO lambda_permission VALUES (?, ?, ?, ?)", (*key, statement))

    await ctx.store.write(add)
    return {"Statement": statement}
