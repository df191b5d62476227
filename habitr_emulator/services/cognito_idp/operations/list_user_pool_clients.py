"""ListUserPoolClients: the app clients of a pool.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPoolClients.html
"""

from habitr_emulator.services.cognito_idp import paging, pools, unbuilt
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:ListUserPoolClients", resources=pools.resource)
async def list_user_pool_clients(request: Input, ctx: Context) -> Output:
    """A page of clients. Raises ResourceNotFoundException, InvalidParameterException."""
    pool = pools.require(ctx, request["UserPoolId"])
    unbuilt.refuse(request, "ClientType")
    limit = min(request.get("MaxResults") or paging.PAGE, paging.PAGE)
    kind = f"ListUserPoolClients {pool.id}"
    after = await paging.after(ctx, kind, request.get("NextToken"))
    found = pools.clients_of(ctx, pool.id, after[0] if after else "", limit + 1)
    shown = [
        {"ClientId": client.id, "UserPoolId": pool.id, "ClientName": client.settings["ClientName"]}
        for client in found[:limit]
    ]
    output: Output = {"UserPoolClients": shown}
    if len(found) > limit:
        output["NextToken"] = await paging.token(ctx, kind, found[limit - 1].id)
    return output
