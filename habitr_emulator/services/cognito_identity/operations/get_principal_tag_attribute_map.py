"""GetPrincipalTagAttributeMap: which claims become tags of a provider's sessions.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetPrincipalTagAttributeMap.html
"""

from habitr_emulator.services.cognito_identity import pools, principal_tags
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-identity:GetPrincipalTagAttributeMap", resources=pools.resource)
async def get_principal_tag_attribute_map(request: Input, ctx: Context) -> Output:
    """The map, empty if none was set. Raises ResourceNotFoundException."""
    pool = pools.require(ctx, request["IdentityPoolId"])
    return principal_tags.described(ctx, pool, request["IdentityProviderName"])
