"""SetUICustomization: the looks of the classic hosted UI, for one client or ALL.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUICustomization.html
"""

from habitr_emulator.services.cognito_idp import looks, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:SetUICustomization", resources=pools.resource)
async def set_ui_customization(request: Input, ctx: Context) -> Output:
    """Keep CSS and logo. Raises ResourceNotFoundException, InvalidParameterException."""
    pool = pools.require(ctx, request["UserPoolId"])
    return {"UICustomization": await looks.keep(ctx, pool, request)}
