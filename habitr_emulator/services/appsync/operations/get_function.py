"""GetFunction: one function.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_GetFunction.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.function_settings import absent
from habitr_emulator.services.appsync.resources import FUNCTION
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:GetFunction")
async def get_function(request: Input, ctx: Context) -> Output:
    """The function; raises NotFoundException."""
    id_ = request["functionId"]
    return {
        "functionConfiguration": ctx.account.part(Apis).require(request["apiId"]).one(FUNCTION, id_, absent(id_))
    }
