"""DescribeUserPool: a user pool with its settings and schema.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPool.html
"""

from habitr_emulator.services.cognito_idp import pool_settings, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:DescribeUserPool", resources=pools.resource)
async def describe_user_pool(request: Input, ctx: Context) -> Output:
    """The pool. Raises ResourceNotFoundException."""
    return {"UserPool": pool_settings.describe(ctx, pools.require(ctx, request["UserPoolId"]))}
