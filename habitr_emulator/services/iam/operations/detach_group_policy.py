"""DetachGroupPolicy: end AttachGroupPolicy.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachGroupPolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, managed_policies
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:DetachGroupPolicy", resources=arns.group)
async def detach_group_policy(request: Input, ctx: Context) -> Output:
    """DetachGroupPolicy."""
    await managed_policies.detach(ctx, "group", request["GroupName"], request["PolicyArn"])
    return {}
