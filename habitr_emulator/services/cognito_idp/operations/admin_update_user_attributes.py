"""AdminUpdateUserAttributes: change a user's attributes as an administrator.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUpdateUserAttributes.html
"""

from habitr_emulator.services.cognito_idp import attribute_updates, attributes, codes, pools, users
from habitr_emulator.services.cognito_idp.triggers import Occasion
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminUpdateUserAttributes", resources=pools.resource)
async def admin_update_user_attributes(request: Input, ctx: Context) -> Output:
    """Change attributes; ``email_verified`` and ``phone_number_verified`` may be among them.

    Raises UserNotFoundException, InvalidParameterException, AliasExistsException, and what CustomMessage raises.
    """
    pool = pools.require(ctx, request["UserPoolId"])
    user = users.require(ctx, pool, request["Username"])
    given = attributes.from_list(request["UserAttributes"])
    attributes.check(pool, given)
    changed, destinations = await attribute_updates.update(ctx, pool, user, given)
    occasion = Occasion(ctx, pool, changed, metadata=request.get("ClientMetadata") or {})
    for destination in destinations:
        await codes.send(occasion, codes.UPDATE, destination)
    return {}
