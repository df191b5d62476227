"""GetRole: a role and its trust policy.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, identities
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:GetRole", resources=arns.role)
async def get_role(request: Input, ctx: Context) -> Output:
    """GetRole."""
    return {"Role": identities.shown_role(ctx.account, identities.require(ctx, "role", request["RoleName"]))}
