"""DeleteLogGroup: delete a log group with its streams and events.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.logs import groups
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="logs:DeleteLogGroup", resources=groups.arn_of)
async def delete_log_group(request: Input, ctx: Context) -> Output:
    """Delete it; raises ResourceNotFoundException."""
    name = request["logGroupName"]

    def delete(tx: Transaction) -> None:
        groups.check(tx, name)
        tx.execute("DELETE FROM logs_event WHERE group_name = ?", (name,))
        tx.execute("DELETE FROM logs_stream WHERE group_name = ?", (name,))
        tx.execute("DELETE FROM logs_group WHERE name = ?", (name,))

    await ctx.store.write(delete)
    return {}
