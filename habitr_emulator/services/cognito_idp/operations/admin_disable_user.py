"""AdminDisableUser: keep a user from signing in, and end its sign-ins.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableUser.html
"""

from habitr_emulator.services.cognito_idp import pools, users
from habitr_emulator.services.cognito_idp.users import User
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminDisableUser", resources=pools.resource)
async def admin_disable_user(request: Input, ctx: Context) -> Output:
    """Disable the user. Raises ResourceNotFoundException, UserNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])

    def disable(user: User) -> None:
        user.enabled = False
        users.sign_out(user)

    await users.change(ctx, pool, users.require(ctx, pool, request["Username"]), disable)
    return {}
