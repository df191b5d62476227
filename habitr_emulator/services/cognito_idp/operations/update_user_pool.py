"""UpdateUserPool: replace a pool's settings; what is left out returns to its default.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html
"""

from dataclasses import replace

from habitr_emulator.services.cognito_idp import auth_events, mfa, pool_settings, pools, unbuilt
from habitr_emulator.services.cognito_idp.pool_settings import Settings
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:UpdateUserPool", resources=pools.resource)
async def update_user_pool(request: Input, ctx: Context) -> Output:
    """Replace the settings. Raises ResourceNotFoundException, InvalidParameterException, NotBuilt."""
    pool = pools.require(ctx, request["UserPoolId"])
    auth_events.check_mode(request)
    unbuilt.refuse(request, *unbuilt.POOL)

    def updated(fresh: Pool) -> Settings:
        settings = pool_settings.updated(fresh, request)
        mfa.check_mode(replace(fresh, settings=settings))
        return settings

    await pool_settings.change(ctx, pool, updated)
    return {}
