"""UnlinkIdentity: take logins away from an identity; the user gets another one next time.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UnlinkIdentity.html
"""

from habitr_emulator.services.cognito_identity import identities, logins, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.PUBLIC)
async def unlink_identity(request: Input, ctx: Context) -> Output:
    """Unlink the named providers; the request must bring a good login of the identity.

    Raises ResourceNotFoundException, NotAuthorizedException.
    """
    row = identities.require(ctx, request["IdentityId"])
    pool = pools.require(ctx, row["identity_pool_id"])
    given = await logins.verified(ctx, pool, request["Logins"])
    await identities.settle(ctx, pool, request["IdentityId"], given)
    gone = [(request["IdentityId"], provider) for provider in request["LoginsToRemove"]]
    sql = "DELETE FROM cognito_identity_logins WHERE identity_id = ? AND provider = ?"
    await ctx.store.write(lambda tx: tx.executemany(sql, gone))
    return {}
