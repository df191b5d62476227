"""AdminSetUserMFAPreference: turn a user's second factors on and off as an administrator.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminSetUserMFAPreference.html
"""

from habitr_emulator.services.cognito_idp import mfa, pools, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminSetUserMFAPreference", resources=pools.resource)
async def admin_set_user_mfa_preference(request: Input, ctx: Context) -> Output:
    """Change the factors that the request names. Raises UserNotFoundException, InvalidParameterException."""
    pool = pools.require(ctx, request["UserPoolId"])
    user = users.require(ctx, pool, request["Username"])
    await users.change(ctx, pool, user, lambda fresh: mfa.prefer(pool, fresh, request))
    return {}
