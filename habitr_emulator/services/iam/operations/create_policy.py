"""CreatePolicy: a new managed policy.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, managed_policies
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:CreatePolicy", resources=arns.new_policy)
async def create_policy(request: Input, ctx: Context) -> Output:
    """CreatePolicy."""
    return await managed_policies.create(ctx, request)
