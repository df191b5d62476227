"""DescribeUserPoolClient: an app client with its settings and secret.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeUserPoolClient.html
"""

from habitr_emulator.services.cognito_idp import client_settings, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:DescribeUserPoolClient", resources=pools.resource)
async def describe_user_pool_client(request: Input, ctx: Context) -> Output:
    """The client. Raises ResourceNotFoundException."""
    _, client = pools.client_in(ctx, request["UserPoolId"], request["ClientId"])
    return {"UserPoolClient": client_settings.describe(client)}
