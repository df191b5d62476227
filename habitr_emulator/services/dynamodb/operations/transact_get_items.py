"""TransactGetItems: read up to 100 items as they are at one moment.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, batches, keys, rows, tables, transactions
from habitr_emulator.services.dynamodb.capacity import Meter
from habitr_emulator.services.dynamodb.errors import ValidationException, constraint
from habitr_emulator.services.dynamodb.expressions.projection import Tree, project
from habitr_emulator.services.dynamodb.keys import Columns
from habitr_emulator.services.dynamodb.placeholders import Expressions
from habitr_emulator.services.dynamodb.rows import Stored
from habitr_emulator.services.dynamodb.tables import Table
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.wire.attribute_value import decode_map

MOST_ITEMS = 100
_TWICE = "Transaction request cannot include multiple operations on one item"
_Read = tuple[Table, Columns, Tree | None]


@operation(auth=Auth.SIGNED)
async def transact_get_items(request: Input, ctx: Context) -> Output:
    """``{"Responses": [{"Item"?: Item}]}`` in the order of the request."""
    items = request["TransactItems"]
    if not items:
        raise ValidationException(
            "Value null at 'transactItems' failed to satisfy constraint: Member must not be null"
        )
    if len(items) > MOST_ITEMS:
        raise constraint(f"'{items}'", "transactItems", f"have length less than or equal to {MOST_ITEMS}")
    wanted = transactions.each_of([partial(_read, ctx, item["Get"]) for item in items])
    batches.refuse_twice((batches.place(table, key) for table, key, _ in wanted), _TWICE)

    def read(one: rows.ReadOne) -> list[Stored | None]:
        return [rows.read(one, table, key) for table, key, _ in wanted]

    found = ctx.store.moment(read)
    transactions.refuse_large("Payload in response is too large.", (stored.size for stored in found if stored))
    meter = Meter(request, factor=2, kind="Read")
    for (table, _, _), stored in zip(wanted, found, strict=True):
        meter.read(table, stored.size if stored else 0, consistent=True)
    responses = [_shown(stored, tree) for (_, _, tree), stored in zip(wanted, found, strict=True)]
    return {"Responses": responses, **meter.each()}


def _read(ctx: Context, request: Mapping[str, Any]) -> _Read:
    access.authorize(ctx, "dynamodb:GetItem", request["TableName"])
    expressions = Expressions(request, ("ProjectionExpression",))
    key = decode_map(request["Key"])
    table = tables.of(ctx).require(request["TableName"])
    expressions.check_scalars(table)
    return table, keys.of_key(table.schema, key), expressions.run("ProjectionExpression")


def _shown(stored: Stored | None, wanted: Tree | None) -> Output:
    if stored is None:
        return {}
    return {"Item": stored.item if wanted is None else project(stored.item, wanted)}
