"""DetachRolePolicy: end what AttachRolePolicy did.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachRolePolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, managed_policies
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:DetachRolePolicy", resources=arns.role)
async def detach_role_policy(request: Input, ctx: Context) -> Output:
    """DetachRolePolicy."""
    await managed_policies.detach(ctx, "role", request["RoleName"], request["PolicyArn"])
    return {}
