"""ListBackups: the backups of a table or of all, oldest first, page by page.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListBackups.html
"""

import math

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import backups, tables
from habitr_emulator.services.registry import Auth, Input, Output, operation

LARGEST_PAGE = 100


@operation(auth=Auth.SIGNED, action="dynamodb:ListBackups")
async def list_backups(request: Input, ctx: Context) -> Output:
    """``{"BackupSummaries": […], "LastEvaluatedBackupArn"?}``. Raises BackupNotFoundException."""
    if request.get("BackupType", "USER") not in ("USER", "ALL"):
        return {"BackupSummaries": []}  # the service's own backups: there are none
    limit = request.get("Limit") or LARGEST_PAGE
    after = request.get("ExclusiveStartBackupArn")
    start = backups.require(ctx, after) if after else None
    rows = ctx.store.all(
        "SELECT * FROM dynamodb_backup WHERE (at, number) > (:at, :number) AND at >= :lower AND at < :upper "
        "AND (:name IS NULL OR table_name = :name) ORDER BY at, number LIMIT :most",
        {
            "at": start["at"] if start else -1.0,
            "number": start["number"] if start else 0,
            "lower": request.get("TimeRangeLowerBound", 0.0),
            "upper": request.get("TimeRangeUpperBound", math.inf),
            "name": tables.name_of(request["TableName"]) if request.get("TableName") else None,
            "most": limit + 1,
        },
    )
    shown = [backups.summary(ctx, row) for row in rows[:limit]]
    more = {"LastEvaluatedBackupArn": shown[-1]["BackupArn"]} if len(rows) > limit else {}
    return {"BackupSummaries": shown, **more}
