"""SetUserMFAPreference: the user of an access token turns second factors on and off.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserMFAPreference.html
"""

from habitr_emulator.services.cognito_idp import mfa, token_issue, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.TOKEN)
async def set_user_mfa_preference(request: Input, ctx: Context) -> Output:
    """Change the factors that the request names. Raises NotAuthorizedException, InvalidParameterException."""
    pool, _, user = await token_issue.signed_in(ctx, request["AccessToken"])
    await users.change(ctx, pool, user, lambda fresh: mfa.prefer(pool, fresh, request))
    return {}
