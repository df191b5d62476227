"""CreateGroup: a new group of users.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateGroup.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, groups
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:CreateGroup", resources=arns.group)
async def create_group(request: Input, ctx: Context) -> Output:
    """CreateGroup."""
    return {"Group": await groups.create(ctx, request["GroupName"], request.get("Path", "/"))}
