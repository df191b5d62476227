"""DescribeIdentityPool: an identity pool with its settings.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DescribeIdentityPool.html
"""

from habitr_emulator.services.cognito_identity import pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-identity:DescribeIdentityPool", resources=pools.resource)
async def describe_identity_pool(request: Input, ctx: Context) -> Output:
    """The pool. Raises ResourceNotFoundException."""
    return pools.require(ctx, request["IdentityPoolId"]).described()
