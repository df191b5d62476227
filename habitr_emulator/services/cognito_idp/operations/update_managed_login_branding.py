"""UpdateManagedLoginBranding: change the looks of managed login for a client.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateManagedLoginBranding.html
"""

from habitr_emulator.services.cognito_idp import branding, pools
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(
    action="cognito-idp:UpdateManagedLoginBranding",
    resources=lambda request, ctx: pools.resource({"UserPoolId": "*", **request}, ctx),
)
async def update_managed_login_branding(request: Input, ctx: Context) -> Output:
    """Replace what the request names. Raises ResourceNotFoundException, InvalidParameterException."""
    if not request.get("UserPoolId") or not request.get("ManagedLoginBrandingId"):
        raise InvalidParameterException("UserPoolId and ManagedLoginBrandingId must be given.")
    pool = pools.require(ctx, request["UserPoolId"])
    return {"ManagedLoginBranding": await branding.update(ctx, pool, request)}
