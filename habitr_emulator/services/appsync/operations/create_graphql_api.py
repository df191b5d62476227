"""CreateGraphqlApi: make a GraphQL API, without a schema yet.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_CreateGraphqlApi.html
"""

from habitr_emulator.services.appsync.api_settings import settings
from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:CreateGraphqlApi")
async def create_graphql_api(request: Input, ctx: Context) -> Output:
    """The API as it was made; raises BadRequestException."""
    made = {**settings(request), "tags": request.get("tags") or {}, "visibility": "GLOBAL", "apiType": "GRAPHQL"}
    api = await ctx.account.part(Apis).create(ctx.ids.base36(26), made)
    return {"graphqlApi": api.shown()}
