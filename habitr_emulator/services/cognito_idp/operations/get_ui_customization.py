"""GetUICustomization: the looks of the classic hosted UI, of one client or ALL.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUICustomization.html
"""

from habitr_emulator.services.cognito_idp import looks, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:GetUICustomization", resources=pools.resource)
async def get_ui_customization(request: Input, ctx: Context) -> Output:
    """CSS and logo; those of ALL for a client without its own. Raises ResourceNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    return {"UICustomization": looks.described(ctx, pool, request.get("ClientId") or looks.ALL)}
