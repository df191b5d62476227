"""CreateTable: a new, empty table; it is ACTIVE at once.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, definitions, layout, tables, tags
from habitr_emulator.services.dynamodb.descriptions import describe
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="dynamodb:CreateTable", resources=access.table_arn)
async def create_table(request: Input, ctx: Context) -> Output:
    """``{"TableDescription": …}``."""
    settings = definitions.settings_of(ctx, request)
    labels = tags.of_list(request.get("Tags") or ())
    table = await ctx.store.write(lambda tx: layout.create(tx, settings, labels))
    tables.of(ctx).forget(table.name)
    return {"TableDescription": describe(ctx, table, new=True)}
