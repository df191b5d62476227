"""UnlinkIdentity: take logins away from an identity; the user gets another one next time.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UnlinkIdentity.html
"""

from habitr_emulator.services.cognito_identity import identities, logins, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.PUBLIC)
async def unlink_identity(request: Input, ctx: Context) -> Output:
    """Unlink the named providers; the request must bring a good login of the identity, which ends with its last.

    Raises ResourceNotFoundException, NotAuthorizedException.
    """
    row = identities.require(ctx, request["IdentityId"])
    pool = pools.require(ctx, row["identity_pool_id"])
    given = await logins.verified(ctx, pool, request["Logins"])
    await identities.settle(ctx, pool, request["IdentityId"], given)
    await identities.unlink(ctx, request["IdentityId"], [(name, "") for name in request["LoginsToRemove"]])
    return {}
