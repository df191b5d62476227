"""Scan: every item of a table or index, page by page, in the order of the keys.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, pages, selection, tables
from habitr_emulator.services.dynamodb.errors import ValidationException
from habitr_emulator.services.dynamodb.pages import Walk
from habitr_emulator.services.dynamodb.placeholders import Expressions
from habitr_emulator.services.registry import Auth, Input, Output, operation

_EXPRESSIONS = ("FilterExpression", "ProjectionExpression")
_LEGACY = ("AttributesToGet", "ScanFilter", "ConditionalOperator")
_ABSENT = "parameter is required but was not present in the request when"


@operation(auth=Auth.SIGNED, action="dynamodb:Scan", resources=access.table_or_index_arn)
async def scan(request: Input, ctx: Context) -> Output:
    """``{"Items": [Item], "Count", "ScannedCount", "LastEvaluatedKey"?: Item}``."""
    segment = _segment(request)
    expressions = Expressions(request, _EXPRESSIONS, _LEGACY)
    chosen = pages.filter_of(request, expressions, "ScanFilter")
    table = tables.of(ctx).require(request["TableName"])
    expressions.check_scalars(table)
    index = table.index(request["IndexName"]) if "IndexName" in request else None
    pages.check_consistency(request, index)
    shown = selection.of(request, index, selection.projection_of(request, expressions))
    walk = Walk(table, index, segment=segment, packed=ctx.caller.kind != "service")
    if index is not None:
        walk.wheres.append(f"{index.columns[0]} IS NOT NULL")
    start = pages.start_of(request, walk)
    if start is not None:
        walk.start_after(start)
    page = await pages.read(ctx, walk, request.get("Limit"), chosen, shown)
    return pages.answer(request, walk, page)


def _segment(request: Input) -> tuple[int, int] | None:
    segment, total = request.get("Segment"), request.get("TotalSegments")
    if segment is None and total is None:
        return None
    if total is None:
        raise ValidationException(f"The TotalSegments {_ABSENT} Segment parameter is present")
    if segment is None:
        raise ValidationException(f"The Segment {_ABSENT} parameter TotalSegments is present")
    if segment >= total:
        raise ValidationException(
            "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
            f"Segment: {segment} is not less than TotalSegments: {total}"
        )
    return segment, total
