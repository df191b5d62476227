"""GetOpenIdToken: a token that STS takes for an identity (the basic flow).

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdToken.html
"""

from habitr_emulator.services.cognito_identity import identities, logins, open_id, pools
from habitr_emulator.services.cognito_identity.errors import InvalidParameterException
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.PUBLIC)
async def get_open_id_token(request: Input, ctx: Context) -> Output:
    """The token; it lives ten minutes.

    Raises ResourceNotFoundException, NotAuthorizedException, InvalidParameterException (flow not enabled).
    """
    asked = identities.require(ctx, request["IdentityId"])
    pool = pools.require(ctx, asked["identity_pool_id"])
    if not pool.settings.get("AllowClassicFlow"):
        raise InvalidParameterException("Basic (classic) flow is not enabled, please use enhanced flow.")
    given = await logins.verified(ctx, pool, request.get("Logins") or {})
    identity = await identities.settle(ctx, pool, request["IdentityId"], given)
    return {"IdentityId": identity, "Token": await open_id.token(ctx, pool, identity, given)}
