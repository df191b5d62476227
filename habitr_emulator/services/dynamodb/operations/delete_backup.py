"""DeleteBackup: a backup is gone; tables that were restored from it stay.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteBackup.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, backups
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="dynamodb:DeleteBackup", resources=access.backup_arn)
async def delete_backup(request: Input, ctx: Context) -> Output:
    """``{"BackupDescription": …}``, DELETED. Raises BackupNotFoundException."""
    row = backups.require(ctx, request["BackupArn"])
    await ctx.store.write(lambda tx: backups.discard(tx, row["number"]), long=True)
    return {"BackupDescription": backups.describe(ctx, row, "DELETED")}
