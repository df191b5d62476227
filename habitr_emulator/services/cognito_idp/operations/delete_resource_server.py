"""DeleteResourceServer: take a resource server and its scopes from a pool.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteResourceServer.html
"""

from habitr_emulator.services.cognito_idp import pools, resource_servers
from habitr_emulator.services.cognito_idp.errors import ResourceNotFoundException
from habitr_emulator.services.cognito_idp.resource_servers import Server
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:DeleteResourceServer", resources=pools.resource)
async def delete_resource_server(request: Input, ctx: Context) -> Output:
    """Delete it. Raises ResourceNotFoundException."""
    pool, identifier = pools.require(ctx, request["UserPoolId"]), request["Identifier"]

    def make(before: Server | None) -> None:
        if before is None:
            raise ResourceNotFoundException(f"Resource server {identifier} does not exist.")

    await resource_servers.change(ctx, pool, identifier, make)
    return {}
