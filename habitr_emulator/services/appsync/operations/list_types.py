"""ListTypes: the types of an API's schema.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_ListTypes.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.descriptions import api_arn
from habitr_emulator.services.appsync.pages import page
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:ListTypes")
async def list_types(request: Input, ctx: Context) -> Output:
    """One page of types in the ``format`` SDL or JSON; raises NotFoundException."""
    from habitr_emulator.services.appsync import schema_types

    api = ctx.account.part(Apis).require(request["apiId"])
    told = schema_types.described(api, request["format"], api_arn(ctx.account, api.api_id))
    return page("types", list(told.values()), request)
