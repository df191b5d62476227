"""DeleteUser: the user of an access token deletes itself.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUser.html
"""

from habitr_emulator.services.cognito_idp import token_issue, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.TOKEN)
async def delete_user(request: Input, ctx: Context) -> Output:
    """Delete the user. Raises NotAuthorizedException, UserNotFoundException."""
    _, _, user = await token_issue.signed_in(ctx, request["AccessToken"])
    await users.delete(ctx, user)
    return {}
