"""UpdateUserAttributes: the user of an access token changes its attributes.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserAttributes.html
"""

from habitr_emulator.services.cognito_idp import attribute_updates, attributes, codes, token_issue
from habitr_emulator.services.cognito_idp.triggers import Occasion
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.TOKEN)
async def update_user_attributes(request: Input, ctx: Context) -> Output:
    """Change attributes; a new address gets a code if it is auto-verified, and may have to wait for it.

    Raises NotAuthorizedException, InvalidParameterException, AliasExistsException, and what CustomMessage raises.
    """
    pool, client, user = await token_issue.signed_in(ctx, request["AccessToken"])
    given = attributes.from_list(request["UserAttributes"])
    attributes.check(pool, given, client=client)
    changed, destinations = await attribute_updates.update(ctx, pool, user, given)
    occasion = Occasion(ctx, pool, changed, client.id, request.get("ClientMetadata") or {})
    details = [await codes.send(occasion, codes.UPDATE, destination) for destination in destinations]
    return {"CodeDeliveryDetailsList": details}
