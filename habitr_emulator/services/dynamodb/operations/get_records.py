"""GetRecords: what changed in a table behind a position, up to 1000 records or 1 MB.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import shards
from habitr_emulator.services.dynamodb.errors import constraint
from habitr_emulator.services.registry import Auth, Input, Output, operation


def _stream_arn(request: Input, ctx: Context) -> str:
    return shards.iterator_of(request["ShardIterator"]).stream_arn


@operation(auth=Auth.SIGNED, action="dynamodb:GetRecords", resources=_stream_arn)
async def get_records(request: Input, ctx: Context) -> Output:
    """``{"Records": […], "NextShardIterator"?}``; there is no next one at the end of a stream that ended."""
    limit = request.get("Limit") or shards.MOST_RECORDS
    if limit > shards.MOST_RECORDS:
        raise constraint(f"'{limit}'", "limit", f"have value less than or equal to {shards.MOST_RECORDS}")
    return await shards.read(ctx, shards.iterator_of(request["ShardIterator"]), limit)
