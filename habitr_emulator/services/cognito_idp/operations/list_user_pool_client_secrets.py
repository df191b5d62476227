"""ListUserPoolClientSecrets: a client's secrets, at most two.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPoolClientSecrets.html
"""

from habitr_emulator.services.cognito_idp import client_secrets, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:ListUserPoolClientSecrets", resources=pools.resource)
async def list_user_pool_client_secrets(request: Input, ctx: Context) -> Output:
    """The secrets, without their values. Raises ResourceNotFoundException."""
    _, client = pools.client_in(ctx, request["UserPoolId"], request["ClientId"])
    return {"ClientSecrets": [client_secrets.described(secret) for secret in client_secrets.of(client)]}
