"""AttachRolePolicy: let a managed policy bind a role.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, managed_policies
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:AttachRolePolicy", resources=arns.role)
async def attach_role_policy(request: Input, ctx: Context) -> Output:
    """AttachRolePolicy."""
    await managed_policies.attach(ctx, "role", request["RoleName"], request["PolicyArn"])
    return {}
