"""GetDevice: a device of the user.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetDevice.html
"""

from habitr_emulator.services.cognito_idp import devices, token_issue
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.TOKEN)
async def get_device(request: Input, ctx: Context) -> Output:
    """The device. Raises NotAuthorizedException, ResourceNotFoundException, InvalidParameterException."""
    if not request.get("AccessToken"):
        raise InvalidParameterException("Missing required parameter AccessToken")
    _, _, user = await token_issue.signed_in(ctx, request["AccessToken"])
    return {"Device": devices.described(ctx, user, devices.require(ctx.store, user, request["DeviceKey"]))}
