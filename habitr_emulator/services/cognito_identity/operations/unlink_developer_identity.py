"""UnlinkDeveloperIdentity: take a developer's user from an identity.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UnlinkDeveloperIdentity.html
"""

from habitr_emulator.services.cognito_identity import developers, identities, pools
from habitr_emulator.services.cognito_identity.errors import ResourceNotFoundException
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-identity:UnlinkDeveloperIdentity", resources=pools.resource)
async def unlink_developer_identity(request: Input, ctx: Context) -> Output:
    """Unlink; with its last login an identity ends.

    Raises ResourceNotFoundException, InvalidParameterException.
    """
    pool = pools.require(ctx, request["IdentityPoolId"])
    provider = developers.provider_of(pool, request["DeveloperProviderName"])
    identity, user = request["IdentityId"], request["DeveloperUserIdentifier"]
    identities.require(ctx, identity, pool)
    if not await identities.unlink(ctx, identity, [(provider, user)]):
        raise ResourceNotFoundException(f"Developer user identifier '{user}' not found.")
    return {}
