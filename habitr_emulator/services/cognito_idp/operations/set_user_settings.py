"""SetUserSettings: the old way to turn SMS codes on and off.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserSettings.html
"""

from habitr_emulator.services.cognito_idp import mfa, token_issue, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.TOKEN)
async def set_user_settings(request: Input, ctx: Context) -> Output:
    """Take MFAOptions as the whole SMS setting. Raises NotAuthorizedException, InvalidParameterException."""
    pool, _, user = await token_issue.signed_in(ctx, request["AccessToken"])
    await users.change(ctx, pool, user, lambda fresh: mfa.set_options(pool, fresh, request["MFAOptions"]))
    return {}
