"""DescribeManagedLoginBrandingByClient: the looks of managed login of a client.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeManagedLoginBrandingByClient.html
"""

from habitr_emulator.services.cognito_idp import branding, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:DescribeManagedLoginBrandingByClient", resources=pools.resource)
async def describe_managed_login_branding_by_client(request: Input, ctx: Context) -> Output:
    """The branding. Raises ResourceNotFoundException."""
    pool, client = pools.client_in(ctx, request["UserPoolId"], request["ClientId"])
    return {"ManagedLoginBranding": branding.described(pool, branding.of_client(ctx.store, pool, client.id))}
