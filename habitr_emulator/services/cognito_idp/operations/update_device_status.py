"""UpdateDeviceStatus: the user says whether a device is to be remembered.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateDeviceStatus.html
"""

from habitr_emulator.services.cognito_idp import devices, token_issue
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.TOKEN)
async def update_device_status(request: Input, ctx: Context) -> Output:
    """Change the status. Raises NotAuthorizedException, ResourceNotFoundException."""
    _, _, user = await token_issue.signed_in(ctx, request["AccessToken"])
    await devices.set_status(ctx, user, request["DeviceKey"], request.get("DeviceRememberedStatus"))
    return {}
