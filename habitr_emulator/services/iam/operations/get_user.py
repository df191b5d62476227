"""GetUser: a user; without a name the caller.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, identities
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:GetUser", resources=arns.user)
async def get_user(request: Input, ctx: Context) -> Output:
    """GetUser."""
    name = arns.user_name(request, ctx)
    if not name:
        return {"User": arns.root_user(ctx)}
    return {"User": identities.shown_user(ctx.account, identities.require(ctx, "user", name))}
