"""SetRiskConfiguration: what a pool would do about risky sign-ins.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetRiskConfiguration.html
"""

from habitr_emulator.services.cognito_idp import pools, risk
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:SetRiskConfiguration", resources=pools.resource)
async def set_risk_configuration(request: Input, ctx: Context) -> Output:
    """Keep the configuration of the pool or of one client.

    It acts only under AdvancedSecurityMode ENFORCED, which the emulator does not have.
    Raises ResourceNotFoundException, UserPoolAddOnNotEnabledException.
    """
    pool = pools.require(ctx, request["UserPoolId"])
    return {"RiskConfiguration": await risk.keep(ctx, pool, request)}
