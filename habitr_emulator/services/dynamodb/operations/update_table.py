"""UpdateTable: throughput, billing mode, stream, protection, and one global index more or less.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTable.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, layout, table_updates, tables
from habitr_emulator.services.dynamodb.descriptions import describe
from habitr_emulator.services.dynamodb.tables import Table
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="dynamodb:UpdateTable", resources=access.table_arn)
async def update_table(request: Input, ctx: Context) -> Output:
    """``{"TableDescription": …}``; an index that is added is filled before the answer."""
    known = tables.of(ctx)
    name = known.require_named(request["TableName"]).name
    update = table_updates.of(ctx, request)

    def write(tx: Transaction) -> Table:
        table = layout.require(tx, name)
        return layout.change(tx, known, table, update(table.settings))

    try:
        table = await ctx.store.write(write, long=True)
    finally:
        known.forget(name)
    return {"TableDescription": describe(ctx, table)}
