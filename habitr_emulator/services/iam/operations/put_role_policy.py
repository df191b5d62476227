"""PutRolePolicy: add or replace an inline policy of a role.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, inline_policies
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:PutRolePolicy", resources=arns.role)
async def put_role_policy(request: Input, ctx: Context) -> Output:
    """PutRolePolicy."""
    await inline_policies.put(ctx, "role", request["RoleName"], request["PolicyName"], request["PolicyDocument"])
    return {}
