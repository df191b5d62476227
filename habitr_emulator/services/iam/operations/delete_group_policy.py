"""DeleteGroupPolicy: remove a group's inline policy.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroupPolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, inline_policies
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:DeleteGroupPolicy", resources=arns.group)
async def delete_group_policy(request: Input, ctx: Context) -> Output:
    """DeleteGroupPolicy."""
    await inline_policies.delete(ctx, "group", request["GroupName"], request["PolicyName"])
    return {}
