"""SetUserPoolMfaConfig: say which second factors a pool offers; what is left out is turned off.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolMfaConfig.html
"""

from dataclasses import replace

import orjson

from habitr_emulator.services.cognito_idp import mfa, pool_settings, pools
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:SetUserPoolMfaConfig", resources=pools.resource)
async def set_user_pool_mfa_config(request: Input, ctx: Context) -> Output:
    """Replace the MFA settings.

    Raises ResourceNotFoundException, InvalidParameterException (ON without a factor).
    """
    pool = pools.require(ctx, request["UserPoolId"])
    names = (
        "SmsMfaConfiguration",
        "SoftwareTokenMfaConfiguration",
        "EmailMfaConfiguration",
        "WebAuthnConfiguration",
    )
    factors = {name: request[name] for name in names if request.get(name)}
    mode = request.get("MfaConfiguration", "OFF")
    settings = {**pool.settings, "Factors": factors, "MfaConfiguration": mode}
    if mode == "ON" and not mfa.pool_factors(replace(pool, settings=settings)):
        raise InvalidParameterException("Invalid MFA configuration given, can't turn on MFA without any factor.")
    text, now = orjson.dumps(settings).decode(), ctx.clock.now()
    await ctx.store.write(lambda tx: pool_settings.save(tx, pool.id, text, now))
    return {**factors, "MfaConfiguration": mode}
