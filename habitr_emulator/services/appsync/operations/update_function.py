"""UpdateFunction: replace a function; the pipelines that run it run the new one.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_UpdateFunction.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.function_settings import absent, settings
from habitr_emulator.services.appsync.resources import FUNCTION
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:UpdateFunction")
async def update_function(request: Input, ctx: Context) -> Output:
    """The function as it is now; raises NotFoundException."""
    api, id_ = ctx.account.part(Apis).require(request["apiId"]), request["functionId"]
    api.one(FUNCTION, id_, absent(id_))
    made = settings(request, api, ctx, id_)
    await api.put(FUNCTION, id_, made)
    return {"functionConfiguration": made}
