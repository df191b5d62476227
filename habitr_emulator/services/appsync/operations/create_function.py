"""CreateFunction: make a function, which pipelines run.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_CreateFunction.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.function_settings import settings
from habitr_emulator.services.appsync.resources import FUNCTION
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:CreateFunction")
async def create_function(request: Input, ctx: Context) -> Output:
    """The function with its new id; raises NotFoundException for an unknown data source."""
    api = ctx.account.part(Apis).require(request["apiId"])
    made = settings(request, api, ctx, ctx.ids.base36(26))
    await api.put(FUNCTION, made["functionId"], made)
    return {"functionConfiguration": made}
