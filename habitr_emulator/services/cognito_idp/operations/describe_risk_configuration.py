"""DescribeRiskConfiguration: what a pool would do about risky sign-ins.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeRiskConfiguration.html
"""

from habitr_emulator.services.cognito_idp import pools, risk
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:DescribeRiskConfiguration", resources=pools.resource)
async def describe_risk_configuration(request: Input, ctx: Context) -> Output:
    """The configuration of the client, else that of the pool.

    Raises ResourceNotFoundException, UserPoolAddOnNotEnabledException.
    """
    pool = pools.require(ctx, request["UserPoolId"])
    return {"RiskConfiguration": risk.described(ctx, pool, request.get("ClientId") or "")}
