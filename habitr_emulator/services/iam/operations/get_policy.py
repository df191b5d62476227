"""GetPolicy: a managed policy, without its document.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, managed_policies
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:GetPolicy", resources=arns.policy)
async def get_policy(request: Input, ctx: Context) -> Output:
    """GetPolicy."""
    return {"Policy": managed_policies.shown(managed_policies.require(ctx, request["PolicyArn"]))}
