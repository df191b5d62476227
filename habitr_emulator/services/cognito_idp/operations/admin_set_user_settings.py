"""AdminSetUserSettings: the old way to turn SMS codes on and off for a user.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminSetUserSettings.html
"""

from habitr_emulator.services.cognito_idp import mfa, pools, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminSetUserSettings", resources=pools.resource)
async def admin_set_user_settings(request: Input, ctx: Context) -> Output:
    """Take MFAOptions as the whole SMS setting. Raises UserNotFoundException, InvalidParameterException."""
    pool = pools.require(ctx, request["UserPoolId"])
    user = users.require(ctx, pool, request["Username"])
    await users.change(ctx, pool, user, lambda fresh: mfa.set_options(pool, fresh, request["MFAOptions"]))
    return {}
