"""AdminForgetDevice: an administrator removes a device of a user.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminForgetDevice.html
"""

from habitr_emulator.services.cognito_idp import devices, pools, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminForgetDevice", resources=pools.resource)
async def admin_forget_device(request: Input, ctx: Context) -> Output:
    """Remove the device. Raises UserNotFoundException, ResourceNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    user = users.require(ctx, pool, request["Username"])
    await devices.forget(ctx, user, request["DeviceKey"])
    return {}
