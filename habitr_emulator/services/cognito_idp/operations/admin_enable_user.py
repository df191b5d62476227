"""AdminEnableUser: let a disabled user sign in again.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminEnableUser.html
"""

from habitr_emulator.services.cognito_idp import pools, users
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminEnableUser", resources=pools.resource)
async def admin_enable_user(request: Input, ctx: Context) -> Output:
    """Enable the user. Raises ResourceNotFoundException, UserNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])

    def enable(user: User) -> None:
        user.enabled = True

    await users.change(ctx, pool, users.require(ctx, pool, request["Username"]), enable)
    return {}
