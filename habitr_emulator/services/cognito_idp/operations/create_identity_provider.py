"""CreateIdentityProvider: let people of an external provider sign in to a pool.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateIdentityProvider.html
"""

from typing import Any

from habitr_emulator.services.cognito_idp import identity_providers, pools
from habitr_emulator.services.cognito_idp.errors import DuplicateProviderException, InvalidParameterException
from habitr_emulator.services.cognito_idp.identity_providers import Provider
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:CreateIdentityProvider", resources=pools.resource)
async def create_identity_provider(request: Input, ctx: Context) -> Output:
    """Make the provider. Addresses in its details are used if they are on this machine.

    Raises ResourceNotFoundException, InvalidParameterException, DuplicateProviderException, and NotBuilt for SAML.
    """
    pool, name = pools.require(ctx, request["UserPoolId"]), request["ProviderName"]
    entry = identity_providers.entry_of(request, ctx.clock.now())
    for identifier in request.get("IdpIdentifiers") or ():
        if identity_providers.by_identifier(pool, identifier):
            raise InvalidParameterException(f"The identifier {identifier} belongs to another identity provider.")

    def make(before: Provider | None) -> dict[str, Any]:
        if before is not None:
            raise DuplicateProviderException
        return entry

    made = await identity_providers.change(ctx, pool, name, make)
    return {"IdentityProvider": dict(made.shown) if made else {}}
