"""DeleteUser: delete a user that has no policies and keys any more.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, identities
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:DeleteUser", resources=arns.user)
async def delete_user(request: Input, ctx: Context) -> Output:
    """DeleteUser."""
    await identities.delete(ctx, "user", request["UserName"])
    return {}
