"""GetIdentityProviderByIdentifier: the provider that has an identifier.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetIdentityProviderByIdentifier.html
"""

from habitr_emulator.services.cognito_idp import identity_providers, pools
from habitr_emulator.services.cognito_idp.errors import ResourceNotFoundException
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:GetIdentityProviderByIdentifier", resources=pools.resource)
async def get_identity_provider_by_identifier(request: Input, ctx: Context) -> Output:
    """The provider. Raises ResourceNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    provider = identity_providers.by_identifier(pool, request["IdpIdentifier"])
    if provider is None:
        raise ResourceNotFoundException(f"Identity provider {request['IdpIdentifier']} does not exist.")
    return {"IdentityProvider": dict(provider.shown)}
