"""AttachUserPolicy: let a managed policy bind a user.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachUserPolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, managed_policies
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:AttachUserPolicy", resources=arns.user)
async def attach_user_policy(request: Input, ctx: Context) -> Output:
    """AttachUserPolicy."""
    await managed_policies.attach(ctx, "user", request["UserName"], request["PolicyArn"])
    return {}
