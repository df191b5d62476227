"""TagRole: add or replace tags of a role.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, identities
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:TagRole", resources=arns.role)
async def tag_role(request: Input, ctx: Context) -> Output:
    """TagRole."""
    await identities.tag(ctx, "role", request["RoleName"], request["Tags"])
    return {}
