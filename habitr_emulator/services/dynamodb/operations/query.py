"""Query: the items of one partition of a table or index, in the order of their sort key.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
"""

from collections.abc import Mapping

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, key_ranges, legacy, pages, selection, tables
from habitr_emulator.services.dynamodb.errors import ValidationException, invalid
from habitr_emulator.services.dynamodb.expressions.compiler import Compiled
from habitr_emulator.services.dynamodb.expressions.condition import Test
from habitr_emulator.services.dynamodb.expressions.key_condition import KeyClause, bind
from habitr_emulator.services.dynamodb.pages import Walk
from habitr_emulator.services.dynamodb.placeholders import Expressions
from habitr_emulator.services.registry import Auth, Input, Output, operation

_EXPRESSIONS = ("FilterExpression", "ProjectionExpression", "KeyConditionExpression")
_LEGACY = ("AttributesToGet", "QueryFilter", "ConditionalOperator", "KeyConditions")


@operation(
    auth=Auth.SIGNED, action="dynamodb:Query", resources=access.table_or_index_arn, conditions=access.queried_keys
)
async def query(request: Input, ctx: Context) -> Output:
    """``{"Items": [Item], "Count", "ScannedCount", "LastEvaluatedKey"?: Item}``."""
    expressions = Expressions(request, _EXPRESSIONS, _LEGACY)
    clauses = _clauses(request, expressions)
    chosen = pages.filter_of(request, expressions, "QueryFilter")
    table = tables.of(ctx).require(request["TableName"])
    expressions.check_scalars(table)
    index = table.index(request["IndexName"]) if "IndexName" in request else None
    pages.check_consistency(request, index)
    shown = selection.of(request, index, selection.projection_of(request, expressions))
    walk = Walk(table, index, packed=ctx.caller.kind != "service")
    walk.forward = request.get("ScanIndexForward", True) is not False
    found = key_ranges.of(walk.schema, clauses, index.name if index else None)
    _check_filter(walk, expressions.compiled.get("FilterExpression"), request.get("QueryFilter"))
    found.restrict(walk)
    start = pages.start_of(request, walk)
    if start is not None:
        walk.start_after(start)
        found.check_start(start)
    page = await pages.read(ctx, walk, request.get("Limit"), chosen, shown)
    return pages.answer(request, walk, page)


def _clauses(request: Input, expressions: Expressions) -> list[KeyClause]:
    compiled = expressions.run("KeyConditionExpression")
    if compiled is not None:
        return bind(compiled(), expressions.values)
    if "KeyConditions" not in request:
        raise ValidationException(
            "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."
        )
    return legacy.key_clauses(request["KeyConditions"])


def _check_filter(walk: Walk, compiled: Compiled[Test] | None, old_style: Mapping[str, object] | None) -> None:
    attributes = compiled.attributes if compiled is not None else frozenset(old_style or ())
    for attribute in walk.schema:
        if attribute.name in attributes:
            kind = "QueryFilter" if compiled is None else "Filter Expression"
            raise ValidationException(
                f"{kind} can only contain non-primary key attributes: Primary key attribute: {attribute.name}"
            )
    if walk.index is not None and walk.index.projected is not None:
        missing = sorted(attributes - walk.index.projected)
        if missing:
            raise invalid(
                f"Secondary index {walk.index.name} does not project one or more filter attributes: "
                f"[{', '.join(missing)}]"
            )
