"""ListGroups: the groups below a path, by name.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroups.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import groups
from habitr_emulator.services.iam.paging import page
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:ListGroups")
async def list_groups(request: Input, ctx: Context) -> Output:
    """ListGroups."""
    return page("Groups", groups.listed(ctx, request.get("PathPrefix", "/")), request)
