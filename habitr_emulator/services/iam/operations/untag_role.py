"""UntagRole: remove tags of a role.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagRole.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, identities
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:UntagRole", resources=arns.role)
async def untag_role(request: Input, ctx: Context) -> Output:
    """UntagRole."""
    await identities.tag(ctx, "role", request["RoleName"], [], request["TagKeys"])
    return {}
