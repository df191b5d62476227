"""UpdateContinuousBackups: point-in-time recovery off, which it is; on is not built.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContinuousBackups.html
"""

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, tables
from habitr_emulator.services.dynamodb.backups import DISABLED
from habitr_emulator.services.dynamodb.errors import TableNotFoundException
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="dynamodb:UpdateContinuousBackups", resources=access.table_arn)
async def update_continuous_backups(request: Input, ctx: Context) -> Output:
    """``{"ContinuousBackupsDescription": …}``. Raises TableNotFoundException, NotBuilt."""
    if tables.of(ctx).find(tables.name_of(request["TableName"])) is None:
        raise TableNotFoundException(f"Table not found: {tables.name_of(request['TableName'])}")
    if request["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]:
        raise NotBuilt(
            "Point-in-time recovery is not built in habitr-emulator.",
            why="there are no backups of single tables; snapshots keep the whole state",
        )
    return DISABLED
