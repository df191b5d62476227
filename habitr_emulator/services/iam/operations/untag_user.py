"""UntagUser: remove tags of a user.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagUser.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, identities
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:UntagUser", resources=arns.user)
async def untag_user(request: Input, ctx: Context) -> Output:
    """UntagUser."""
    await identities.tag(ctx, "user", request["UserName"], [], request["TagKeys"])
    return {}
