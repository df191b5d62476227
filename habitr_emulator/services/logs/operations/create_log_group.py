"""CreateLogGroup: make a log group.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.logs import groups
from habitr_emulator.services.logs.errors import ResourceAlreadyExistsException
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="logs:CreateLogGroup", resources=groups.arn_of)
async def create_log_group(request: Input, ctx: Context) -> Output:
    """Make ``logGroupName``; raises ResourceAlreadyExistsException."""
    row = (request["logGroupName"], ctx.clock.now())

    def create(tx: Transaction) -> None:
        if tx.one("SELECT 1 FROM logs_group WHERE name = ?", row[:1]) is not None:
            raise ResourceAlreadyExistsException("The specified log group already exists")
        tx.execute("INSERT INTO logs_group VALUES (?, ?, NULL)", row)

    await ctx.store.write(create)
    return {}
