"""DeleteTable: remove a table with its items; it is gone at once.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, layout, tables
from habitr_emulator.services.dynamodb.descriptions import describe
from habitr_emulator.services.dynamodb.errors import ValidationException
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="dynamodb:DeleteTable", resources=access.table_arn)
async def delete_table(request: Input, ctx: Context) -> Output:
    """``{"TableDescription": …}`` with status DELETING."""
    known = tables.of(ctx)
    table = known.require_named(request["TableName"])
    if table.settings.get("DeletionProtectionEnabled"):
        raise ValidationException(
            "Resource cannot be deleted as it is currently protected against deletion. "
            "Disable deletion protection first."
        )
    try:
        dropped = await ctx.store.write(lambda tx: layout.drop(tx, known, table.name), long=True)
    finally:
        known.forget(table.name)
    return {"TableDescription": describe(ctx, dropped, "DELETING")}
