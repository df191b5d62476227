"""DescribeBackup: a backup, and the table as it was then.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeBackup.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, backups
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="dynamodb:DescribeBackup", resources=access.backup_arn)
async def describe_backup(request: Input, ctx: Context) -> Output:
    """``{"BackupDescription": …}``. Raises BackupNotFoundException."""
    return {"BackupDescription": backups.describe(ctx, backups.require(ctx, request["BackupArn"]))}
