"""AdminDeleteUser: delete a user.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteUser.html
"""

from habitr_emulator.services.cognito_idp import pools, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminDeleteUser", resources=pools.resource)
async def admin_delete_user(request: Input, ctx: Context) -> Output:
    """Delete the user and all that is its own. Raises ResourceNotFoundException, UserNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    await users.delete(ctx, users.require(ctx, pool, request["Username"]))
    return {}
