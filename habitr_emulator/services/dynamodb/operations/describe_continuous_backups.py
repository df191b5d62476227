"""DescribeContinuousBackups: whether a table can be restored to a point in time: it cannot, here.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeContinuousBackups.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, tables
from habitr_emulator.services.dynamodb.backups import DISABLED
from habitr_emulator.services.dynamodb.errors import TableNotFoundException
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="dynamodb:DescribeContinuousBackups", resources=access.table_arn)
async def describe_continuous_backups(request: Input, ctx: Context) -> Output:
    """``{"ContinuousBackupsDescription": …}``: point-in-time recovery is disabled.

    Raises TableNotFoundException.
    """
    if tables.of(ctx).find(tables.name_of(request["TableName"])) is None:
        raise TableNotFoundException(f"Table not found: {tables.name_of(request['TableName'])}")
    return DISABLED
