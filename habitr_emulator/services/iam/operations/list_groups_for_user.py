"""ListGroupsForUser: the groups that a user is in.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroupsForUser.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, groups
from habitr_emulator.services.iam.paging import page
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:ListGroupsForUser", resources=arns.user)
async def list_groups_for_user(request: Input, ctx: Context) -> Output:
    """ListGroupsForUser."""
    return page("Groups", groups.of_user(ctx, request["UserName"]), request)
