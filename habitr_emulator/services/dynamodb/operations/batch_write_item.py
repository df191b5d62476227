"""BatchWriteItem: put and delete up to 25 items, of any tables.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
"""

from collections.abc import Mapping
from typing import Any

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, batches, capacity, changes, keys
from habitr_emulator.services.dynamodb.capacity import Meter
from habitr_emulator.services.dynamodb.changes import Change
from habitr_emulator.services.dynamodb.errors import (
    DUPLICATE_KEYS,
    ValidationException,
    constraint,
)
from habitr_emulator.services.registry import Auth, Input, Output, operation

MOST_REQUESTS = 25
_NOT_ONE = (
    "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"
)


@operation(
    auth=Auth.SIGNED,
    action="dynamodb:BatchWriteItem",
    resources=access.batch_arns,
    conditions=access.batch_leading_keys,
)
async def batch_write_item(request: Input, ctx: Context) -> Output:
    """``{"UnprocessedItems": {}}``: everything is written, or nothing if any request is bad."""
    found = _changes(request, ctx)
    outcomes = await changes.commit_all(ctx, [change for _, change in found])
    meter = Meter(request)
    for outcome in outcomes:
        meter.write(outcome.table, outcome.old, outcome.new)
    metrics = capacity.batch_metrics(request, [(name, change.table, change.key_item) for name, change in found])
    return {"UnprocessedItems": {}, **meter.each(), **metrics}


def _changes(request: Input, ctx: Context) -> list[tuple[str, Change]]:
    items = request["RequestItems"]
    if not items:
        raise constraint("'{}'", "requestItems", "have length greater than or equal to 1")
    for reference, writes in items.items():
        if not writes:
            raise constraint("'[]'", f"requestItems.{reference}.member", "have length greater than or equal to 1")
    if sum(map(len, items.values())) > MOST_REQUESTS:
        rule = f"have length less than or equal to {MOST_REQUESTS}"
        raise constraint(f"'{{{', '.join(items)}}}'", "requestItems", rule)
    found = [(name, _change(ctx, name, write)) for name, writes in items.items() for write in writes]
    batches.refuse_twice((batches.place(change.table, change.key) for _, change in found), DUPLICATE_KEYS)
    return found


def _change(ctx: Context, reference: str, write: Mapping[str, Any]) -> Change:
    if len(write) != 1:
        raise ValidationException(_NOT_ONE)
    if "PutRequest" in write:
        return changes.put(ctx, {"TableName": reference, **write["PutRequest"]}, key_of=keys.of_batch_item)
    return changes.delete(ctx, {"TableName": reference, **write["DeleteRequest"]})
