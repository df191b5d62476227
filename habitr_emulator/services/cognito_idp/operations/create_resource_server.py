"""CreateResourceServer: give a pool custom OAuth scopes.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateResourceServer.html
"""

from habitr_emulator.services.cognito_idp import pools, resource_servers
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.cognito_idp.resource_servers import Server
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:CreateResourceServer", resources=pools.resource)
async def create_resource_server(request: Input, ctx: Context) -> Output:
    """Make the resource server. Raises ResourceNotFoundException, InvalidParameterException (taken)."""
    pool, identifier = pools.require(ctx, request["UserPoolId"]), request["Identifier"]

    def make(before: Server | None) -> Server:
        if before is not None:
            raise InvalidParameterException(f"{identifier} already exists in user pool {pool.id}.")
        return resource_servers.of_request(request)

    return {"ResourceServer": await resource_servers.change(ctx, pool, identifier, make)}
