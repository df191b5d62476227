"""GetItem: read one item by its primary key.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_GetItem.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, keys, rows, tables
from habitr_emulator.services.dynamodb.capacity import Meter
from habitr_emulator.services.dynamodb.expressions.projection import project
from habitr_emulator.services.dynamodb.placeholders import Expressions
from habitr_emulator.services.dynamodb.selection import projection_of
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.wire.attribute_value import decode_map


@operation(auth=Auth.SIGNED, action="dynamodb:GetItem", resources=access.table_arn, conditions=access.leading_keys)
async def get_item(request: Input, ctx: Context) -> Output:
    """``{"Item": Item}``, or ``{}`` if there is none."""
    expressions = Expressions(request, ("ProjectionExpression",), ("AttributesToGet",))
    wanted = projection_of(request, expressions)
    key = decode_map(request["Key"])
    table = tables.of(ctx).require(request["TableName"])
    expressions.check_scalars(table)
    row = ctx.store.one(table.sql.select, keys.of_key(table.schema, key))
    output: Output = {}
    if row is not None:
        if wanted is not None:
            output["Item"] = project(rows.item_of(row), wanted)
        else:
            output["Item"] = rows.item_of(row) if ctx.caller.kind == "service" else rows.packed_of(row)
    meter = Meter(request)
    if meter.wanted:
        meter.read(table, row[2] if row is not None else 0, consistent=bool(request.get("ConsistentRead")))
        output |= meter.one()
    return output
