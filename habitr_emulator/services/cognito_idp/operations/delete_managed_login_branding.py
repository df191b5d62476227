"""DeleteManagedLoginBranding: remove the looks of managed login of a client.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteManagedLoginBranding.html
"""

from habitr_emulator.services.cognito_idp import branding, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:DeleteManagedLoginBranding", resources=pools.resource)
async def delete_managed_login_branding(request: Input, ctx: Context) -> Output:
    """Remove the branding. Raises ResourceNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    await branding.delete(ctx, pool, request["ManagedLoginBrandingId"])
    return {}
