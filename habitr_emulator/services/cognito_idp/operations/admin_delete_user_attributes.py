"""AdminDeleteUserAttributes: remove a user's attributes as an administrator.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDeleteUserAttributes.html
"""

from habitr_emulator.services.cognito_idp import attributes, pools, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminDeleteUserAttributes", resources=pools.resource)
async def admin_delete_user_attributes(request: Input, ctx: Context) -> Output:
    """Remove attributes. Raises UserNotFoundException, InvalidParameterException."""
    pool = pools.require(ctx, request["UserPoolId"])
    user = users.require(ctx, pool, request["Username"])
    names = request["UserAttributeNames"]
    attributes.check_deletable(pool, names)
    await users.change(ctx, pool, user, lambda fresh: attributes.remove(fresh, names))
    return {}
