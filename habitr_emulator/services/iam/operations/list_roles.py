"""ListRoles: the roles below a path, by name.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import identities
from habitr_emulator.services.iam.paging import page
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:ListRoles")
async def list_roles(request: Input, ctx: Context) -> Output:
    """ListRoles."""
    prefix = request.get("PathPrefix", "/")
    rows = ctx.store.all(
        "SELECT * FROM iam_roles WHERE substr(path, 1, ?) = ? ORDER BY name", (len(prefix), prefix)
    )
    return page("Roles", [identities.shown_role(ctx.account, row) for row in rows], request)
