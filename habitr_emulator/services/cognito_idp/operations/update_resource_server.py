"""UpdateResourceServer: replace a resource server's name and scopes.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateResourceServer.html
"""

from habitr_emulator.services.cognito_idp import pools, resource_servers
from habitr_emulator.services.cognito_idp.errors import ResourceNotFoundException
from habitr_emulator.services.cognito_idp.resource_servers import Server
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:UpdateResourceServer", resources=pools.resource)
async def update_resource_server(request: Input, ctx: Context) -> Output:
    """Replace it. Raises ResourceNotFoundException."""
    pool, identifier = pools.require(ctx, request["UserPoolId"]), request["Identifier"]

    def make(before: Server | None) -> Server:
        if before is None:
            raise ResourceNotFoundException(f"Resource server {identifier} does not exist.")
        return resource_servers.of_request(request)

    return {"ResourceServer": await resource_servers.change(ctx, pool, identifier, make)}
