"""SetPrincipalTagAttributeMap: which claims become tags of a provider's sessions.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_SetPrincipalTagAttributeMap.html
"""

from habitr_emulator.services.cognito_identity import pools, principal_tags
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-identity:SetPrincipalTagAttributeMap", resources=pools.resource)
async def set_principal_tag_attribute_map(request: Input, ctx: Context) -> Output:
    """Replace the map. Raises ResourceNotFoundException."""
    pool = pools.require(ctx, request["IdentityPoolId"])
    await principal_tags.save(ctx, pool, request)
    return principal_tags.described(ctx, pool, request["IdentityProviderName"])
