"""AdminListDevices: the devices of a user.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminListDevices.html
"""

from habitr_emulator.services.cognito_idp import device_pages, pools, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminListDevices", resources=pools.resource)
async def admin_list_devices(request: Input, ctx: Context) -> Output:
    """A page of devices. Raises UserNotFoundException, InvalidParameterException."""
    pool = pools.require(ctx, request["UserPoolId"])
    user = users.require(ctx, pool, request["Username"])
    return await device_pages.page(ctx, user, request)
