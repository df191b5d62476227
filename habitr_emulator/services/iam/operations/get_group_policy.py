"""GetGroupPolicy: a group's inline policy, its document URL-encoded.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetGroupPolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, inline_policies
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:GetGroupPolicy", resources=arns.group)
async def get_group_policy(request: Input, ctx: Context) -> Output:
    """GetGroupPolicy."""
    name = request["GroupName"]
    return {"GroupName": name, **inline_policies.get(ctx, "group", name, request["PolicyName"])}
