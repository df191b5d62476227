"""GetGraphqlApi: one GraphQL API.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_GetGraphqlApi.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.descriptions import api_arn
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:GetGraphqlApi", resources=lambda request, ctx: api_arn(ctx.account, request["apiId"]))
async def get_graphql_api(request: Input, ctx: Context) -> Output:
    """The API's settings and addresses; raises NotFoundException."""
    return {"graphqlApi": ctx.account.part(Apis).require(request["apiId"]).shown()}
