"""BatchGetItem: read up to 100 items, of any tables, up to 16 MB.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, batches, keys, rows, tables
from habitr_emulator.services.dynamodb.capacity import Meter
from habitr_emulator.services.dynamodb.errors import DUPLICATE_KEYS, ValidationException, constraint
from habitr_emulator.services.dynamodb.expressions.projection import Tree, project
from habitr_emulator.services.dynamodb.keys import Columns
from habitr_emulator.services.dynamodb.placeholders import Expressions
from habitr_emulator.services.dynamodb.selection import projection_of
from habitr_emulator.services.dynamodb.tables import Table
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.wire.attribute_value import decode_map

MOST_KEYS = 100
LARGEST_ANSWER = 16 << 20


@dataclass(frozen=True, slots=True)
class _Part:
    """What is read of one table; ``reference`` is how the request names it."""

    reference: str
    table: Table
    request: Mapping[str, Any]
    keys: list[Columns]
    wanted: Tree | None


@operation(
    auth=Auth.SIGNED,
    action="dynamodb:BatchGetItem",
    resources=access.batch_arns,
    conditions=access.batch_leading_keys,
)
async def batch_get_item(request: Input, ctx: Context) -> Output:
    """``{"Responses": {table: [Item]}, "UnprocessedKeys": {}}``; missing items are left out."""
    parts = _parts(request, ctx)
    shown = rows.item_of if ctx.caller.kind == "service" else rows.packed_of
    meter, room = Meter(request), LARGEST_ANSWER
    responses: dict[str, list[Any]] = {}
    unprocessed: dict[str, Any] = {}
    for part in parts:
        found = responses[part.reference] = []
        for number, key in enumerate(part.keys):
            row = ctx.store.one(part.table.sql.select, key)
            size = 0 if row is None else row[2]
            if size > room:
                unprocessed[part.reference] = {**part.request, "Keys": part.request["Keys"][number:]}
                break
            room -= size
            if meter.wanted:
                meter.read(part.table, size, consistent=bool(part.request.get("ConsistentRead")))
            if row is not None and part.wanted is not None:
                found.append(project(rows.item_of(row), part.wanted))
            elif row is not None:
                found.append(shown(row))
    return {"Responses": responses, "UnprocessedKeys": unprocessed, **meter.each()}


def _parts(request: Input, ctx: Context) -> list[_Part]:
    if not request["RequestItems"]:
        raise constraint("'{}'", "requestItems", "have length greater than or equal to 1")
    if sum(len(part["Keys"]) for part in request["RequestItems"].values()) > MOST_KEYS:
        raise ValidationException("Too many items requested for the BatchGetItem call")
    parts = [_part(ctx, reference, part) for reference, part in request["RequestItems"].items()]
    batches.refuse_twice((batches.place(part.table, key) for part in parts for key in part.keys), DUPLICATE_KEYS)
    return parts


def _part(ctx: Context, reference: str, request: Mapping[str, Any]) -> _Part:
    if not request["Keys"]:
        member = f"requestItems.{reference}.member.keys"
        raise constraint("'[]'", member, "have length greater than or equal to 1")
    expressions = Expressions(request, ("ProjectionExpression",), ("AttributesToGet",))
    wanted = projection_of(request, expressions)
    given = [decode_map(key) for key in request["Keys"]]
    table = tables.of(ctx).require(reference)
    expressions.check_scalars(table)
    return _Part(reference, table, request, [keys.of_key(table.schema, key) for key in given], wanted)
