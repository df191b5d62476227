"""UpdateIdentityPool: replace an identity pool's settings; what is left out is dropped.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_UpdateIdentityPool.html
"""

from habitr_emulator.services.cognito_identity import pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-identity:UpdateIdentityPool", resources=pools.resource)
async def update_identity_pool(request: Input, ctx: Context) -> Output:
    """Replace the settings; the roles stay. Raises ResourceNotFoundException."""
    pool, now = pools.require(ctx, request["IdentityPoolId"]), ctx.clock.now()
    settings = pools.settings_of(request)
    await ctx.store.write(lambda tx: pools.save(tx, pool.id, settings, now))
    return pools.require(ctx, pool.id).described()
