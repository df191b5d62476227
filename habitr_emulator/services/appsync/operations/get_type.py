"""GetType: one type of an API's schema.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_GetType.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.descriptions import api_arn
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:GetType")
async def get_type(request: Input, ctx: Context) -> Output:
    """The type in the ``format`` SDL or JSON; raises NotFoundException."""
    from habitr_emulator.services.appsync import schema_types

    api, name = ctx.account.part(Apis).require(request["apiId"]), request["typeName"]
    found = schema_types.described(api, request["format"], api_arn(ctx.account, api.api_id)).get(name)
    if found is None:
        raise schema_types.absent(name)
    return {"type": found}
