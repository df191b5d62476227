"""CreateUserPoolClient: make an app client.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
"""

import orjson

from habitr_emulator.services.cognito_idp import client_settings, pools, unbuilt
from habitr_emulator.services.cognito_idp.pools import Client
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:CreateUserPoolClient", resources=pools.resource)
async def create_user_pool_client(request: Input, ctx: Context) -> Output:
    """Make the client, with a secret if asked for.

    Raises ResourceNotFoundException, InvalidParameterException, InvalidOAuthFlowException,
    ScopeDoesNotExistException, NotBuilt.
    """
    pool = pools.require(ctx, request["UserPoolId"])
    unbuilt.refuse(request, *unbuilt.CLIENT)
    secret = request.get("ClientSecret") or (ctx.ids.base36(52) if request.get("GenerateSecret") else None)
    settings = client_settings.complete(request) | ({"ClientSecret": secret} if secret else {})
    client_settings.check(pool, settings, secret)
    client = Client(ctx.ids.base36(26), pool.id, settings, ctx.clock.now(), ctx.clock.now())
    text = orjson.dumps(settings).decode()
    await ctx.store.write(lambda tx: client_settings.save(tx, client, text))
    return {"UserPoolClient": client_settings.describe(client)}
