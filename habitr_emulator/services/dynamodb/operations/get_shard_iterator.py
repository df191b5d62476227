"""GetShardIterator: a position in a shard, to read records from.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, shards
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="dynamodb:GetShardIterator", resources=access.stream_arn)
async def get_shard_iterator(request: Input, ctx: Context) -> Output:
    """``{"ShardIterator": str}``, good for 15 minutes."""
    return {"ShardIterator": shards.start(ctx, request).text()}
