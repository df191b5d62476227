"""UpdateContinuousBackups: point-in-time recovery off, which it is; on is not built.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html
"""

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, backups
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="dynamodb:UpdateContinuousBackups", resources=access.table_arn)
async def update_continuous_backups(request: Input, ctx: Context) -> Output:
    """``{"ContinuousBackupsDescription": …}``. Raises TableNotFoundException, NotBuilt."""
    backups.require_table(ctx, request["TableName"])
    if request["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]:
        raise NotBuilt(
            "Point-in-time recovery is not built in habitr-emulator.",
            why="only backups on demand are built; snapshots keep the whole state",
        )
    return backups.DISABLED
