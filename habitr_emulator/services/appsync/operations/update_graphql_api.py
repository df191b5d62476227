"""UpdateGraphqlApi: replace the settings of a GraphQL API.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_UpdateGraphqlApi.html
"""

from typing import Any

from habitr_emulator.services.appsync.api_settings import settings
from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.descriptions import api_arn
from habitr_emulator.services.appsync.resources import API
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(
    action="appsync:UpdateGraphqlApi", resources=lambda request, ctx: api_arn(ctx.account, request["apiId"])
)
async def update_graphql_api(request: Input, ctx: Context) -> Output:
    """The API as it is now: what is not given has its default again; tags stay. Raises NotFoundException."""
    api = ctx.account.part(Apis).require(request["apiId"])
    shown = api.shown()
    kept: dict[str, Any] = {name: shown[name] for name in ("tags", "visibility", "apiType") if name in shown}
    await api.put(API, "", {**settings(request), **kept})
    return {"graphqlApi": api.shown()}
