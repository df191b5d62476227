"""ListUsers: the users below a path, by name.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import identities
from habitr_emulator.services.iam.paging import page
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:ListUsers")
async def list_users(request: Input, ctx: Context) -> Output:
    """ListUsers."""
    prefix = request.get("PathPrefix", "/")
    rows = ctx.store.all(
        "SELECT * FROM iam_users WHERE substr(path, 1, ?) = ? ORDER BY name", (len(prefix), prefix)
    )
    return page("Users", [identities.shown_user(ctx.account, row) for row in rows], request)
