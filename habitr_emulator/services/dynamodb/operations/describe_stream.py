"""DescribeStream: a stream's state and its shard.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_DescribeStream.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, shards, streams
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="dynamodb:DescribeStream", resources=access.stream_arn)
async def describe_stream(request: Input, ctx: Context) -> Output:
    """``{"StreamDescription": …}``; a stream has one shard, and nothing behind it."""
    stream = streams.require(ctx, request["StreamArn"])
    behind = request.get("ExclusiveStartShardId") or request.get("ShardFilter")
    found = [] if behind else [shards.shard(ctx, stream)]
    return {"StreamDescription": {**shards.describe(request["StreamArn"], stream), "Shards": found}}
