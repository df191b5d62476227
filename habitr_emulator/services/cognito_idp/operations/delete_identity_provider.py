"""DeleteIdentityProvider: take a provider from a pool; its users stay, and cannot sign in with it any more.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteIdentityProvider.html
"""

from habitr_emulator.services.cognito_idp import identity_providers, pools
from habitr_emulator.services.cognito_idp.errors import ResourceNotFoundException
from habitr_emulator.services.cognito_idp.identity_providers import Provider
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:DeleteIdentityProvider", resources=pools.resource)
async def delete_identity_provider(request: Input, ctx: Context) -> Output:
    """Delete the provider. Raises ResourceNotFoundException."""
    pool, name = pools.require(ctx, request["UserPoolId"]), request["ProviderName"]

    def make(before: Provider | None) -> None:
        if before is None:
            raise ResourceNotFoundException(f"Identity provider {name} does not exist.")

    await identity_providers.change(ctx, pool, name, make)
    return {}
