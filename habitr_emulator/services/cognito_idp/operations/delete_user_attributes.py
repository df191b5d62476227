"""DeleteUserAttributes: the user of an access token removes attributes.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserAttributes.html
"""

from habitr_emulator.services.cognito_idp import attributes, token_issue, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.TOKEN)
async def delete_user_attributes(request: Input, ctx: Context) -> Output:
    """Remove attributes. Raises NotAuthorizedException, InvalidParameterException."""
    pool, client, user = await token_issue.signed_in(ctx, request["AccessToken"])
    names = request["UserAttributeNames"]
    attributes.check_deletable(pool, names, client)
    await users.change(ctx, pool, user, lambda fresh: attributes.remove(fresh, names))
    return {}
