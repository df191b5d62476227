"""DetachUserPolicy: end what AttachUserPolicy did.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachUserPolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, managed_policies
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:DetachUserPolicy", resources=arns.user)
async def detach_user_policy(request: Input, ctx: Context) -> Output:
    """DetachUserPolicy."""
    await managed_policies.detach(ctx, "user", request["UserName"], request["PolicyArn"])
    return {}
