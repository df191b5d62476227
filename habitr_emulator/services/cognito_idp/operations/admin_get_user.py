"""AdminGetUser: a user as an administrator sees it.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html
"""

from habitr_emulator.services.cognito_idp import pools, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminGetUser", resources=pools.resource)
async def admin_get_user(request: Input, ctx: Context) -> Output:
    """The user with all attributes. Raises ResourceNotFoundException, UserNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    user = users.require(ctx, pool, request["Username"])
    shown = users.described(user)
    attributes = shown.pop("Attributes")
    return {**shown, "UserAttributes": attributes, **users.mfa_shown(user)}
