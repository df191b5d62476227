"""UpdateItem: change attributes of an item, or create it.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, capacity, changes, return_values
from habitr_emulator.services.dynamodb.capacity import Meter
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(
    auth=Auth.SIGNED, action="dynamodb:UpdateItem", resources=access.table_arn, conditions=access.leading_keys
)
async def update_item(request: Input, ctx: Context) -> Output:
    """``{"Attributes": Item}`` as ReturnValues asks, if there is anything to return."""
    change = changes.update(ctx, request)
    outcome = await changes.commit(ctx, change)
    meter = Meter(request)
    meter.write(outcome.table, outcome.old, outcome.new)
    metrics = capacity.collection_metrics(request, outcome.table, change.key_item)
    return return_values.attributes(request.get("ReturnValues"), outcome, change.paths) | meter.one() | metrics
