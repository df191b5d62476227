"""UpdateUserPool: replace a pool's settings; what is left out returns to its default.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
"""

import orjson

from habitr_emulator.services.cognito_idp import auth_events, pool_settings, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:UpdateUserPool", resources=pools.resource)
async def update_user_pool(request: Input, ctx: Context) -> Output:
    """Replace the settings. Raises ResourceNotFoundException, InvalidParameterException, NotBuilt."""
    pool = pools.require(ctx, request["UserPoolId"])
    auth_events.check_mode(request)
    text, now = orjson.dumps(pool_settings.updated(pool, request)).decode(), ctx.clock.now()
    await ctx.store.write(lambda tx: pool_settings.save(tx, pool.id, text, now))
    return {}
