"""ConfirmDevice: the app tells the password verifier of the device that was signed in from.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ConfirmDevice.html
"""

from habitr_emulator.services.cognito_idp import devices, token_issue
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.TOKEN)
async def confirm_device(request: Input, ctx: Context) -> Output:
    """Keep the device; UserConfirmationNecessary if the user has to say that it be remembered.

    Raises NotAuthorizedException, InvalidParameterException.
    """
    pool, _, user = await token_issue.signed_in(ctx, request["AccessToken"])
    signed_in_from = token_issue.device_of(ctx, request["AccessToken"])
    if not devices.tracked(pool) or request["DeviceKey"] != signed_in_from:
        raise InvalidParameterException(
            "Invalid device key given.", why="the access token's device_key claim is the device to confirm"
        )
    await devices.confirm(ctx, pool, user, request)
    return {"UserConfirmationNecessary": devices.asks(pool)}
