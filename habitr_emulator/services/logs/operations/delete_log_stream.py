"""DeleteLogStream: delete a log stream with its events.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogStream.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.logs import groups
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="logs:DeleteLogStream", resources=groups.stream_arn_of)
async def delete_log_stream(request: Input, ctx: Context) -> Output:
    """Delete it; raises ResourceNotFoundException."""
    key = (request["logGroupName"], request["logStreamName"])

    def delete(tx: Transaction) -> None:
        groups.check(tx, *key)
        tx.execute("DELETE FROM logs_event WHERE group_name = ? AND stream_name = ?", key)
        tx.execute("DELETE FROM logs_stream WHERE group_name = ? AND name = ?", key)

    await ctx.store.write(delete)
    return {}
