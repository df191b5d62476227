"""UpdateUserPoolClient: replace a client's settings; what is left out returns to its default.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolClient.html
"""

from habitr_emulator.services.cognito_idp import client_settings, pools, unbuilt
from habitr_emulator.services.cognito_idp.client_settings import Settings
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

    def updated(fresh: Client) -> Settings:
        settings = client_settings.complete({"ClientName": fresh.settings["ClientName"], **request})
        settings |= {name: fresh.settings[name] for name in client_settings.SECRETS if name in fresh.settings}
        client_settings.check(pool, settings, fresh.secret)
        return settings

    changed = await client_settings.change(ctx, before, updated)
    return {"UserPoolClient": client_settings.describe(changed)}
