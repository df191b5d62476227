"""PutGroupPolicy: add or replace a group's inline policy.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutGroupPolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, inline_policies
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:PutGroupPolicy", resources=arns.group)
async def put_group_policy(request: Input, ctx: Context) -> Output:
    """PutGroupPolicy."""
    await inline_policies.put(ctx, "group", request["GroupName"], request["PolicyName"], request["PolicyDocument"])
    return {}
