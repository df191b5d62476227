"""DeleteRetentionPolicy: keep events as long as there is room.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteRetentionPolicy.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.logs import groups
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="logs:DeleteRetentionPolicy", resources=groups.arn_of)
async def delete_retention_policy(request: Input, ctx: Context) -> Output:
    """Remove the retention; raises ResourceNotFoundException."""
    name = request["logGroupName"]

    def delete(tx: Transaction) -> None:
        groups.check(tx, name)
        tx.execute("UPDATE logs_group SET retention_days = NULL WHERE name = ?", (name,))

    await ctx.store.write(delete)
    return {}
