"""GetUserPoolMfaConfig: the second factors that a pool offers.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetUserPoolMfaConfig.html
"""

from habitr_emulator.services.cognito_idp import pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:GetUserPoolMfaConfig", resources=pools.resource)
async def get_user_pool_mfa_config(request: Input, ctx: Context) -> Output:
    """The MFA settings. Raises ResourceNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    return {**(pool.settings.get("Factors") or {}), "MfaConfiguration": pool.settings["MfaConfiguration"]}
