"""ListEventSourceMappings: the mappings of a function, of an event source, or all, 100 at a time.

https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import event_sources, functions
from habitr_emulator.services.registry import Auth, Input, Output, operation

PAGE = 100


@operation(auth=Auth.SIGNED, action="lambda:ListEventSourceMappings")
async def list_event_source_mappings(request: Input, ctx: Context) -> Output:
    """``{"EventSourceMappings": […], "NextMarker"?}``; ``Marker`` is the last id of the page before."""
    name = request.get("FunctionName")
    most = min(request.get("MaxItems") or PAGE, PAGE)
    rows = ctx.store.all(
        "SELECT * FROM lambda_event_source_mapping WHERE uuid > :marker "
        "AND (:name IS NULL OR function_name = :name) AND (:arn IS NULL OR event_source_arn = :arn) "
        "ORDER BY uuid LIMIT :most",
        {
            "marker": request.get("Marker") or "",
            "name": functions.name_of(name) if name else None,
            "arn": request.get("EventSourceArn"),
            "most": most + 1,
        },
    )
    shown = [event_sources.describe(ctx, event_sources.of_row(row)) for row in rows[:most]]
    more = {"NextMarker": shown[-1]["UUID"]} if len(rows) > most else {}
    return {"EventSourceMappings": shown, **more}
