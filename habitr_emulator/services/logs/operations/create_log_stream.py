"""CreateLogStream: make a log stream in a log group.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.logs import groups
from habitr_emulator.services.logs.errors import ResourceAlreadyExistsException
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="logs:CreateLogStream", resources=groups.stream_arn_of)
async def create_log_stream(request: Input, ctx: Context) -> Output:
    """Make ``logStreamName``; raises ResourceNotFoundException, ResourceAlreadyExistsException."""
    group, stream, now = request["logGroupName"], request["logStreamName"], ctx.clock.now()

    def create(tx: Transaction) -> None:
        groups.check(tx, group)
        if tx.one("SELECT 1 FROM logs_stream WHERE group_name = ? AND name = ?", (group, stream)) is not None:
            raise ResourceAlreadyExistsException("The specified log stream already exists")
        tx.execute("INSERT INTO logs_stream VALUES (?, ?, ?, NULL, NULL, NULL)", (group, stream, now))

    await ctx.store.write(create)
    return {}
