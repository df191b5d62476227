"""ListDevices: the devices of the user.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListDevices.html
"""

from habitr_emulator.services.cognito_idp import device_pages, token_issue
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.TOKEN)
async def list_devices(request: Input, ctx: Context) -> Output:
    """A page of devices. Raises NotAuthorizedException, InvalidParameterException."""
    _, _, user = await token_issue.signed_in(ctx, request["AccessToken"])
    return await device_pages.page(ctx, user, request)
