"""AdminUserGlobalSignOut: end all sign-ins of a user.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUserGlobalSignOut.html
"""

from habitr_emulator.services.cognito_idp import pools, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminUserGlobalSignOut", resources=pools.resource)
async def admin_user_global_sign_out(request: Input, ctx: Context) -> Output:
    """End every sign-in of the user. Raises ResourceNotFoundException, UserNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    await users.change(ctx, pool, users.require(ctx, pool, request["Username"]), users.sign_out)
    return {}
