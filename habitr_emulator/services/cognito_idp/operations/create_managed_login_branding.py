"""CreateManagedLoginBranding: the looks of managed login for a client.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateManagedLoginBranding.html
"""

from habitr_emulator.services.cognito_idp import branding, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:CreateManagedLoginBranding", resources=pools.resource)
async def create_managed_login_branding(request: Input, ctx: Context) -> Output:
    """Keep the branding; a client has one.

    Raises ResourceNotFoundException, ManagedLoginBrandingExistsException, InvalidParameterException.
    """
    pool, client = pools.client_in(ctx, request["UserPoolId"], request["ClientId"])
    return {"ManagedLoginBranding": await branding.create(ctx, pool, client.id, request)}
