"""DescribeTable: a table's keys, indexes, settings and size.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, tables
from habitr_emulator.services.dynamodb.descriptions import describe
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="dynamodb:DescribeTable", resources=access.table_arn)
async def describe_table(request: Input, ctx: Context) -> Output:
    """``{"Table": …}``."""
    return {"Table": describe(ctx, tables.of(ctx).require_named(request["TableName"]))}
