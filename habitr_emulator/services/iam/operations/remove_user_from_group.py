"""RemoveUserFromGroup: end AddUserToGroup.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveUserFromGroup.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, groups
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:RemoveUserFromGroup", resources=arns.group)
async def remove_user_from_group(request: Input, ctx: Context) -> Output:
    """RemoveUserFromGroup."""
    await groups.remove(ctx, request["GroupName"], request["UserName"])
    return {}
