"""DeleteUserPoolClientSecret: give up a secret of a client; it does not work any more.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPoolClientSecret.html
"""

from habitr_emulator.services.cognito_idp import client_secrets, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:DeleteUserPoolClientSecret", resources=pools.resource)
async def delete_user_pool_client_secret(request: Input, ctx: Context) -> Output:
    """Remove the secret; the last one stays.

    Raises ResourceNotFoundException, InvalidParameterException.
    """
    _, client = pools.client_in(ctx, request["UserPoolId"], request["ClientId"])
    await client_secrets.remove(ctx, client, request["ClientSecretId"])
    return {}
