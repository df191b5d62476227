"""DeleteItem: remove an item by its primary key.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteItem.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, capacity, changes
from habitr_emulator.services.dynamodb.capacity import Meter
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(
    auth=Auth.SIGNED, action="dynamodb:DeleteItem", resources=access.table_arn, conditions=access.leading_keys
)
async def delete_item(request: Input, ctx: Context) -> Output:
    """``{"Attributes": Item}`` with ReturnValues ALL_OLD, if there was an item."""
    changes.check_return_values(request)
    change = changes.delete(ctx, request)
    outcome = await changes.commit(ctx, change)
    meter = Meter(request)
    meter.write(outcome.table, outcome.old, outcome.new)
    metrics = capacity.collection_metrics(request, outcome.table, change.key_item)
    return changes.old_values(request, outcome) | meter.one() | metrics
