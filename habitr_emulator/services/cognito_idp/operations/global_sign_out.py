"""GlobalSignOut: end all sign-ins of the user of an access token.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GlobalSignOut.html
"""

from habitr_emulator.services.cognito_idp import token_issue, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.TOKEN)
async def global_sign_out(request: Input, ctx: Context) -> Output:
    """End every sign-in of the user, this one too. Raises NotAuthorizedException, UserNotFoundException."""
    pool, _, user = await token_issue.signed_in(ctx, request["AccessToken"])
    await users.change(ctx, pool, user, users.sign_out)
    return {}
