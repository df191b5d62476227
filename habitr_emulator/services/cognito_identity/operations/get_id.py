"""GetId: the identity of a user's logins, or a new guest.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetId.html
"""

from habitr_emulator.services.cognito_identity import identities, logins, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.PUBLIC)
async def get_id(request: Input, ctx: Context) -> Output:
    """The identity id. Raises ResourceNotFoundException, NotAuthorizedException, ResourceConflictException."""
    pool = pools.require(ctx, request["IdentityPoolId"])
    given = await logins.verified(ctx, pool, request.get("Logins") or {})
    return {"IdentityId": await identities.of_logins(ctx, pool, given)}
