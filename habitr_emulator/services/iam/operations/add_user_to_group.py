"""AddUserToGroup: let a group's policies bind a user.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddUserToGroup.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, groups
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:AddUserToGroup", resources=arns.group)
async def add_user_to_group(request: Input, ctx: Context) -> Output:
    """AddUserToGroup."""
    await groups.add(ctx, request["GroupName"], request["UserName"])
    return {}
