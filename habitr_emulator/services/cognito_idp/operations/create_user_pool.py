"""CreateUserPool: make a user pool.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html
"""

import orjson

from habitr_emulator.services.cognito_idp import auth_events, mfa, pool_settings, pools, unbuilt
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:CreateUserPool")
async def create_user_pool(request: Input, ctx: Context) -> Output:
    """Make the pool. Raises InvalidParameterException, and NotBuilt for some settings."""
    auth_events.check_mode(request)
    unbuilt.refuse(request, *unbuilt.POOL)
    settings = pool_settings.created(request)
    text, now = orjson.dumps(settings).decode(), ctx.clock.now()
    pool_id = f"{ctx.account.region}_{ctx.ids.base62(9)}"
    mfa.check_mode(Pool(pool_id, settings, now, now))
    await ctx.store.write(lambda tx: pool_settings.save(tx, pool_id, text, now))
    return {"UserPool": pool_settings.describe(ctx, pools.require(ctx, pool_id))}
