"""UpdateUserPoolClient: replace a client's settings; what is left out returns to its default.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolClient.html
"""

import orjson

from habitr_emulator.services.cognito_idp import client_settings, pools, unbuilt
from habitr_emulator.services.cognito_idp.pools import Client
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:UpdateUserPoolClient", resources=pools.resource)
async def update_user_pool_client(request: Input, ctx: Context) -> Output:
    """Replace the settings; name and secret stay if they are left out.

    Raises ResourceNotFoundException, InvalidParameterException, InvalidOAuthFlowException,
    ScopeDoesNotExistException, NotBuilt.
    """
    pool, before = pools.client_in(ctx, request["UserPoolId"], request["ClientId"])
    unbuilt.refuse(request, *unbuilt.CLIENT)
    settings = client_settings.complete({"ClientName": before.settings["ClientName"], **request})
    settings |= {name: before.settings[name] for name in client_settings.SECRETS if name in before.settings}
    client_settings.check(pool, settings, before.secret)
    client = Client(before.id, pool.id, settings, before.created_at, ctx.clock.now())
    text = orjson.dumps(settings).decode()
    await ctx.store.write(lambda tx: client_settings.save(tx, client, text))
    return {"UserPoolClient": client_settings.describe(client)}
