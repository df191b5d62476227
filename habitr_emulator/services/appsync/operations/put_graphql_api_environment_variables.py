"""PutGraphqlApiEnvironmentVariables: replace an API's environment variables (``$ctx.env``).

https://docs.aws.amazon.com/appsync/latest/APIReference/API_PutGraphqlApiEnvironmentVariables.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.resources import ENVIRONMENT
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:PutGraphqlApiEnvironmentVariables")
async def put_graphql_api_environment_variables(request: Input, ctx: Context) -> Output:
    """The variables; raises NotFoundException."""
    api = ctx.account.part(Apis).require(request["apiId"])
    await api.put(ENVIRONMENT, "", {"variables": request["environmentVariables"]})
    return {"environmentVariables": dict(api.spec.environment)}
