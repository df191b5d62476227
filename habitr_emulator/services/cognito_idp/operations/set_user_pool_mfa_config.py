"""SetUserPoolMfaConfig: say which second factors a pool offers; what is left out is turned off.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolMfaConfig.html
"""

from dataclasses import replace

from habitr_emulator.services.cognito_idp import mfa, pool_settings, pools
from habitr_emulator.services.cognito_idp.pool_settings import Settings
from habitr_emulator.services.cognito_idp.pools import Pool
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

    def changed(fresh: Pool) -> Settings:
        settings = {**fresh.settings, "Factors": factors, "MfaConfiguration": mode}
        mfa.check_mode(replace(fresh, settings=settings))
        return settings

    await pool_settings.change(ctx, pool, changed)
    return {**factors, "MfaConfiguration": mode}
