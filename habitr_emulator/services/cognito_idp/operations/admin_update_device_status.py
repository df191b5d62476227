"""AdminUpdateDeviceStatus: an administrator says whether a device is to be remembered.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminUpdateDeviceStatus.html
"""

from habitr_emulator.services.cognito_idp import devices, pools, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminUpdateDeviceStatus", resources=pools.resource)
async def admin_update_device_status(request: Input, ctx: Context) -> Output:
    """Change the status. Raises UserNotFoundException, ResourceNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    user = users.require(ctx, pool, request["Username"])
    await devices.set_status(ctx, user, request["DeviceKey"], request.get("DeviceRememberedStatus"))
    return {}
