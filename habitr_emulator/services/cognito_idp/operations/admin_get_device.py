"""AdminGetDevice: a device of a user.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetDevice.html
"""

from habitr_emulator.services.cognito_idp import devices, pools, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminGetDevice", resources=pools.resource)
async def admin_get_device(request: Input, ctx: Context) -> Output:
    """The device. Raises UserNotFoundException, ResourceNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    user = users.require(ctx, pool, request["Username"])
    return {"Device": devices.described(ctx, user, devices.require(ctx.store, user, request["DeviceKey"]))}
