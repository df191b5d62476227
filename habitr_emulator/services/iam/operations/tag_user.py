"""TagUser: add or replace tags of a user.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagUser.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, identities
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:TagUser", resources=arns.user)
async def tag_user(request: Input, ctx: Context) -> Output:
    """TagUser."""
    await identities.tag(ctx, "user", request["UserName"], request["Tags"])
    return {}
