"""ListStreams: the streams of the account or of one table, up to 100 a page.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_ListStreams.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import streams
from habitr_emulator.services.dynamodb.errors import invalid
from habitr_emulator.services.registry import Auth, Input, Output, operation

LARGEST_PAGE = 100


@operation(auth=Auth.SIGNED, action="dynamodb:ListStreams")
async def list_streams(request: Input, ctx: Context) -> Output:
    """``{"Streams": [{"StreamArn", "TableName", "StreamLabel"}], "LastEvaluatedStreamArn"?}``, oldest first."""
    limit = request.get("Limit") or LARGEST_PAGE
    if limit > LARGEST_PAGE:
        raise invalid(f"Limit cannot be greater than the maximum allowed size: {LARGEST_PAGE}")
    after = request.get("ExclusiveStartStreamArn")
    last = streams.require(ctx, after)["number"] if after else 0
    rows = ctx.store.all(
        "SELECT table_name, label FROM dynamodb_stream "
        "WHERE number > :last AND (:name IS NULL OR table_name = :name) ORDER BY number LIMIT :most",
        {"last": last, "name": request.get("TableName"), "most": limit + 1},
    )
    shown = [
        {
            "StreamArn": streams.arn(ctx, row["table_name"], row["label"]),
            "TableName": row["table_name"],
            "StreamLabel": row["label"],
        }
        for row in rows[:limit]
    ]
    more = {"LastEvaluatedStreamArn": shown[-1]["StreamArn"]} if len(rows) > limit else {}
    return {"Streams": shown, **more}
