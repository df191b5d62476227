"""DeleteIdentityPool: delete an identity pool with its identities.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DeleteIdentityPool.html
"""

from habitr_emulator.services.cognito_identity import pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-identity:DeleteIdentityPool", resources=pools.resource)
async def delete_identity_pool(request: Input, ctx: Context) -> Output:
    """Delete the pool. Raises ResourceNotFoundException."""
    pool = pools.require(ctx, request["IdentityPoolId"])
    sql = "DELETE FROM cognito_identity_pools WHERE identity_pool_id = ?"
    await ctx.store.write(lambda tx: tx.execute(sql, (pool.id,)).rowcount)
    return {}
