"""DeleteRolePolicy: remove an inline policy of a role.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, inline_policies
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:DeleteRolePolicy", resources=arns.role)
async def delete_role_policy(request: Input, ctx: Context) -> Output:
    """DeleteRolePolicy."""
    await inline_policies.delete(ctx, "role", request["RoleName"], request["PolicyName"])
    return {}
