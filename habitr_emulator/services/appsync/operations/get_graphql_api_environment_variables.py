"""GetGraphqlApiEnvironmentVariables: an API's environment variables.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_GetGraphqlApiEnvironmentVariables.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:GetGraphqlApiEnvironmentVariables")
async def get_graphql_api_environment_variables(request: Input, ctx: Context) -> Output:
    """The variables; raises NotFoundException."""
    api = ctx.account.part(Apis).require(request["apiId"])
    return {"environmentVariables": dict(api.spec.environment)}
