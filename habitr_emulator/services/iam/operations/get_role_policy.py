"""GetRolePolicy: an inline policy of a role, URL-encoded.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, inline_policies
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:GetRolePolicy", resources=arns.role)
async def get_role_policy(request: Input, ctx: Context) -> Output:
    """GetRolePolicy."""
    found = inline_policies.get(ctx, "role", request["RoleName"], request["PolicyName"])
    return {"RoleName": request["RoleName"], **found}
