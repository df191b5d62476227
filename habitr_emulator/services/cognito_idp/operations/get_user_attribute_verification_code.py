"""GetUserAttributeVerificationCode: send a code that verifies an address of the user.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserAttributeVerificationCode.html
"""

from habitr_emulator.services.cognito_idp import attributes, codes, token_issue
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.cognito_idp.messages import Destination
from habitr_emulator.services.cognito_idp.triggers import Occasion
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.TOKEN)
async def get_user_attribute_verification_code(request: Input, ctx: Context) -> Output:
    """Send the code to the user's e-mail address or phone number, or to the new one that waits for it.

    Raises NotAuthorizedException, InvalidParameterException, and what CustomMessage raises.
    """
    pool, client, user = await token_issue.signed_in(ctx, request["AccessToken"])
    name = request["AttributeName"]
    if name not in attributes.ADDRESSES:
        raise InvalidParameterException(f"Attribute {name} cannot be verified.")
    address = codes.pending(ctx, user, name) or user.attributes.get(name)
    if not address:
        raise InvalidParameterException(f"User does not have a {name} attribute.")
    occasion = Occasion(ctx, pool, user, client.id, request.get("ClientMetadata") or {})
    return {"CodeDeliveryDetails": await codes.send(occasion, codes.VERIFY, Destination(name, address))}
