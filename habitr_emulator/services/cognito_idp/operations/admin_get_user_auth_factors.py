"""AdminGetUserAuthFactors: what a user can sign in with.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUserAuthFactors.html
"""

from habitr_emulator.services.cognito_idp import first_factors, pools, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminGetUserAuthFactors", resources=pools.resource)
async def admin_get_user_auth_factors(request: Input, ctx: Context) -> Output:
    """The first factors and the MFA settings. Raises ResourceNotFoundException, UserNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    user = users.require(ctx, pool, request["Username"])
    factors = first_factors.configured(ctx.store, pool, user)
    return {"Username": user.username, "ConfiguredUserAuthFactors": factors, **users.mfa_shown(user)}
