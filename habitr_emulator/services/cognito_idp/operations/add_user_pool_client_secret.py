"""AddUserPoolClientSecret: a second secret of a client, so that the first can be given up later.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AddUserPoolClientSecret.html
"""

from habitr_emulator.services.cognito_idp import client_secrets, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AddUserPoolClientSecret", resources=pools.resource)
async def add_user_pool_client_secret(request: Input, ctx: Context) -> Output:
    """Make the secret (or take the given one) and show it.

    Raises ResourceNotFoundException, InvalidParameterException, LimitExceededException.
    """
    _, client = pools.client_in(ctx, request["UserPoolId"], request["ClientId"])
    return {"ClientSecretDescriptor": await client_secrets.add(ctx, client, request.get("ClientSecret"))}
