"""UpdateUser: give a user another name or path; keys, policies and groups go with it.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, identities
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:UpdateUser", resources=arns.renamed_user)
async def update_user(request: Input, ctx: Context) -> Output:
    """UpdateUser."""
    await identities.rename_user(ctx, request["UserName"], request.get("NewUserName"), request.get("NewPath"))
    return {}
