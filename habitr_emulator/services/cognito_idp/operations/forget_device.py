"""ForgetDevice: the user takes a device back: it will be asked for the second factor again.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ForgetDevice.html
"""

from habitr_emulator.services.cognito_idp import devices, token_issue
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.TOKEN)
async def forget_device(request: Input, ctx: Context) -> Output:
    """Remove the device. Raises NotAuthorizedException, ResourceNotFoundException, InvalidParameterException."""
    if not request.get("AccessToken"):
        raise InvalidParameterException("Missing required parameter AccessToken")
    _, _, user = await token_issue.signed_in(ctx, request["AccessToken"])
    await devices.forget(ctx, user, request["DeviceKey"])
    return {}
