"""ListTables: table names in order, up to 100 a page.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import tables
from habitr_emulator.services.registry import Auth, Input, Output, operation

LARGEST_PAGE = 100


@operation(auth=Auth.SIGNED, action="dynamodb:ListTables")
async def list_tables(request: Input, ctx: Context) -> Output:
    """``{"TableNames": [str], "LastEvaluatedTableName"?}``."""
    after, limit = request.get("ExclusiveStartTableName") or "", request.get("Limit") or LARGEST_PAGE
    names = [name for name in tables.of(ctx).names() if name > after]
    more = {"LastEvaluatedTableName": names[limit - 1]} if len(names) > limit else {}
    return {"TableNames": names[:limit], **more}
