"""AttachGroupPolicy: let a managed policy bind the members of a group.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachGroupPolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, managed_policies
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:AttachGroupPolicy", resources=arns.group)
async def attach_group_policy(request: Input, ctx: Context) -> Output:
    """AttachGroupPolicy."""
    await managed_policies.attach(ctx, "group", request["GroupName"], request["PolicyArn"])
    return {}
