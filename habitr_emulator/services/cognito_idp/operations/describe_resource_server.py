"""DescribeResourceServer: a resource server with its scopes.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DescribeResourceServer.html
"""

from habitr_emulator.services.cognito_idp import pools, resource_servers
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:DescribeResourceServer", resources=pools.resource)
async def describe_resource_server(request: Input, ctx: Context) -> Output:
    """The resource server. Raises ResourceNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    return {"ResourceServer": resource_servers.require(pool, request["Identifier"])}
