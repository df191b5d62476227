"""DescribeManagedLoginBranding: the looks of managed login, by id.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeManagedLoginBranding.html
"""

from habitr_emulator.services.cognito_idp import branding, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:DescribeManagedLoginBranding", resources=pools.resource)
async def describe_managed_login_branding(request: Input, ctx: Context) -> Output:
    """The branding. Raises ResourceNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    found = branding.require(ctx.store, pool, request["ManagedLoginBrandingId"])
    return {"ManagedLoginBranding": branding.described(pool, found)}
