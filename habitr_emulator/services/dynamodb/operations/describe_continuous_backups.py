"""DescribeContinuousBackups: whether a table can be restored to a point in time: it cannot, here.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, backups
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="dynamodb:DescribeContinuousBackups", resources=access.table_arn)
async def describe_continuous_backups(request: Input, ctx: Context) -> Output:
    """``{"ContinuousBackupsDescription": …}``: point-in-time recovery is disabled.

    Raises TableNotFoundException.
    """
    backups.require_table(ctx, request["TableName"])
    return backups.DISABLED
