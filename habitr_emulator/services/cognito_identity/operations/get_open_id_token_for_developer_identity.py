"""GetOpenIdTokenForDeveloperIdentity: a token for a user of the developer's own.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdTokenForDeveloperIdentity.html
"""

from habitr_emulator.services.cognito_identity import developers, identities, logins, open_id, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-identity:GetOpenIdTokenForDeveloperIdentity", resources=pools.resource)
async def get_open_id_token_for_developer_identity(request: Input, ctx: Context) -> Output:
    """The token; the identity is made, or linked, if the user is new.

    Raises ResourceNotFoundException, InvalidParameterException, NotAuthorizedException, ResourceConflictException,
    DeveloperUserAlreadyRegisteredException.
    """
    pool, given = pools.require(ctx, request["IdentityPoolId"]), request["Logins"]
    developer = logins.of_developer(pool, developers.identifier_of(pool, given))
    others = {provider: token for provider, token in given.items() if provider != developer.provider}
    known = [developer, *await logins.verified(ctx, pool, others)]
    identity = request.get("IdentityId")
    if identity:
        await developers.settle(ctx, pool, identity, known)
    else:
        identity = await identities.of_logins(ctx, pool, known)
    seconds = request.get("TokenDuration") or open_id.DEVELOPER_LIFETIME
    tags = request.get("PrincipalTags") or None
    token = await open_id.token(ctx, pool, identity, known, seconds=seconds, tags=tags)
    return {"IdentityId": identity, "Token": token}
