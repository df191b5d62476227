"""CreateIdentityPool: make an identity pool.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_CreateIdentityPool.html
"""

from habitr_emulator.services.cognito_identity import pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-identity:CreateIdentityPool")
async def create_identity_pool(request: Input, ctx: Context) -> Output:
    """Make the pool, without roles."""
    pool_id, now = f"{ctx.account.region}:{ctx.ids.uuid()}", ctx.clock.now()
    settings = pools.settings_of(request)
    await ctx.store.write(lambda tx: pools.save(tx, pool_id, settings, now))
    return pools.require(ctx, pool_id).described()
