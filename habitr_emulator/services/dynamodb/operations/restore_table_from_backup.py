"""RestoreTableFromBackup: a new table with the items of a backup; it is ACTIVE at once.

As at the service, streams, time to live, tags and protection are not restored.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableFromBackup.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, backups, definitions, restores, tables
from habitr_emulator.services.dynamodb.descriptions import describe
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="dynamodb:RestoreTableFromBackup", resources=access.restored_arns)
async def restore_table_from_backup(request: Input, ctx: Context) -> Output:
    """``{"TableDescription": …}``. Raises BackupNotFoundException, TableAlreadyExistsException."""
    arn, name = request["BackupArn"], request["TargetTableName"]
    definitions.check_table_name(name)
    settings = restores.settings_of(ctx, backups.require(ctx, arn), request)
    table = await ctx.store.write(lambda tx: backups.restore(tx, arn, settings), long=True)
    tables.of(ctx).forget(name)
    return {"TableDescription": describe(ctx, table)}
