"""GetUserAuthFactors: what the user of an access token can sign in with.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserAuthFactors.html
"""

from habitr_emulator.services.cognito_idp import first_factors, token_issue, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.TOKEN)
async def get_user_auth_factors(request: Input, ctx: Context) -> Output:
    """The first factors and the MFA settings. Raises NotAuthorizedException, UserNotFoundException."""
    pool, _, user = await token_issue.signed_in(ctx, request["AccessToken"])
    factors = first_factors.configured(ctx.store, pool, user)
    return {"Username": user.username, "ConfiguredUserAuthFactors": factors, **users.mfa_shown(user)}
