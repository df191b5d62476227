"""ResendConfirmationCode: send the code of a sign-up again; the newest is the one that works.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ResendConfirmationCode.html
"""

from habitr_emulator.services.cognito_idp import auth_events, codes, messages, pools, strangers, users
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.cognito_idp.triggers import Occasion
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.PUBLIC)
async def resend_confirmation_code(request: Input, ctx: Context) -> Output:
    """Send a new code to the address of the sign-up.

    Raises UserNotFoundException, InvalidParameterException, NotAuthorizedException, and what CustomMessage raises.
    """
    pool, client = pools.of_client(ctx, request["ClientId"])
    pools.require_secret_hash(client, request["Username"], request.get("SecretHash"))
    user = users.for_code(ctx, pool, client, request["Username"])
    if user is None:
        await strangers.pretend_to_send(ctx, pool, request["Username"], codes.RESEND)
        medium = messages.first_address(pool)
        return {"CodeDeliveryDetails": await messages.pretended(ctx, request["Username"], medium)}
    if user.status != "UNCONFIRMED":
        raise InvalidParameterException("User is already confirmed.")
    destination = messages.for_sign_up(pool, user)
    if destination is None:
        raise InvalidParameterException("Auto verification not turned on.")
    occasion = Occasion(ctx, pool, user, client.id, request.get("ClientMetadata") or {})
    sent = await codes.send(occasion, codes.RESEND, destination)
    await auth_events.record(ctx, pool, user, auth_events.RESENT)
    return {"CodeDeliveryDetails": sent}
