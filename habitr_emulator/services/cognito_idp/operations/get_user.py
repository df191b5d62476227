"""GetUser: the user of an access token.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUser.html
"""

from habitr_emulator.services.cognito_idp import token_issue, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.TOKEN)
async def get_user(request: Input, ctx: Context) -> Output:
    """The attributes that the client may read, and the MFA settings.

    Raises NotAuthorizedException, UserNotFoundException.
    """
    _, client, user = await token_issue.signed_in(ctx, request["AccessToken"])
    return {
        "Username": user.username,
        "UserAttributes": user.listed(client.may_read),
        **users.mfa_shown(user),
    }
