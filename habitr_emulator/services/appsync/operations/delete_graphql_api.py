"""DeleteGraphqlApi: remove a GraphQL API with all it has.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_DeleteGraphqlApi.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.descriptions import api_arn
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(
    action="appsync:DeleteGraphqlApi", resources=lambda request, ctx: api_arn(ctx.account, request["apiId"])
)
async def delete_graphql_api(request: Input, ctx: Context) -> Output:
    """Nothing; raises NotFoundException."""
    await ctx.account.part(Apis).delete(request["apiId"])
    return {}
