"""PutRetentionPolicy: forget events after so many days.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.logs import groups
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="logs:PutRetentionPolicy", resources=groups.arn_of)
async def put_retention_policy(request: Input, ctx: Context) -> Output:
    """Set ``retentionInDays``; older events go when the next ones come. Raises ResourceNotFoundException."""
    name, days = request["logGroupName"], request["retentionInDays"]

    def put(tx: Transaction) -> None:
        groups.check(tx, name)
        tx.execute("UPDATE logs_group SET retention_days = ? WHERE name = ?", (days, name))

    await ctx.store.write(put)
    return {}
