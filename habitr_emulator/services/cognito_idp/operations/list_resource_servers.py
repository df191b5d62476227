"""ListResourceServers: the resource servers of a pool.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListResourceServers.html
"""

from habitr_emulator.services.cognito_idp import paging, pools, resource_servers
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation

_PAGE = 50


@operation(action="cognito-idp:ListResourceServers", resources=pools.resource)
async def list_resource_servers(request: Input, ctx: Context) -> Output:
    """A page of them, by identifier. Raises ResourceNotFoundException, InvalidParameterException."""
    pool = pools.require(ctx, request["UserPoolId"])
    limit = min(request.get("MaxResults") or _PAGE, _PAGE)
    kind = f"ListResourceServers {pool.id}"
    after = await paging.after(ctx, kind, request.get("NextToken"))
    rest = [server for server in resource_servers.listed(pool) if [server["Identifier"]] > after]
    output: Output = {"ResourceServers": rest[:limit]}
    if len(rest) > limit:
        output["NextToken"] = await paging.token(ctx, kind, rest[limit - 1]["Identifier"])
    return output
