"""GetGroup: a group and its members.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetGroup.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, groups, identities
from habitr_emulator.services.iam.paging import page
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:GetGroup", resources=arns.group)
async def get_group(request: Input, ctx: Context) -> Output:
    """GetGroup."""
    group = identities.require(ctx, "group", request["GroupName"])
    members = page("Users", groups.members(ctx, request["GroupName"]), request)
    return {"Group": groups.shown(ctx.account, group), **members}
