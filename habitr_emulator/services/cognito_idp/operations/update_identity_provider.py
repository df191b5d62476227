"""UpdateIdentityProvider: change a provider's details, mapping or identifiers; what is left out stays.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateIdentityProvider.html
"""

from typing import Any

from habitr_emulator.services.cognito_idp import identity_providers, pools
from habitr_emulator.services.cognito_idp.errors import ResourceNotFoundException
from habitr_emulator.services.cognito_idp.identity_providers import Provider
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:UpdateIdentityProvider", resources=pools.resource)
async def update_identity_provider(request: Input, ctx: Context) -> Output:
    """Change the provider. Raises ResourceNotFoundException, InvalidParameterException."""
    pool, name, now = pools.require(ctx, request["UserPoolId"]), request["ProviderName"], ctx.clock.now()

    def make(before: Provider | None) -> dict[str, Any]:
        if before is None:
            raise ResourceNotFoundException(f"Identity provider {name} does not exist.")
        return identity_providers.entry_of(request, now, before)

    changed = await identity_providers.change(ctx, pool, name, make)
    return {"IdentityProvider": dict(changed.shown) if changed else {}}
