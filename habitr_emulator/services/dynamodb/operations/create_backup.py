"""CreateBackup: a copy of a table as it is now; it is AVAILABLE at once.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateBackup.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, backups
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="dynamodb:CreateBackup", resources=access.table_arn)
async def create_backup(request: Input, ctx: Context) -> Output:
    """``{"BackupDetails": …}``. Raises TableNotFoundException."""
    table = backups.require_table(ctx, request["TableName"])
    now = round(ctx.clock.now(), 3)
    arn = f"{access.arn_of(ctx, table.name)}/backup/{int(now * 1000):014d}-{ctx.ids.uuid()[:8]}"
    await ctx.store.write(lambda tx: backups.take(tx, table.name, arn, request["BackupName"], now), long=True)
    return {"BackupDetails": backups.details(backups.require(ctx, arn))}
