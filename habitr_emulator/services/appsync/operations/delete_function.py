"""DeleteFunction: remove a function that no pipeline runs.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_DeleteFunction.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.errors import BadRequestException
from habitr_emulator.services.appsync.function_settings import absent
from habitr_emulator.services.appsync.resolver_settings import users_of
from habitr_emulator.services.appsync.resources import FUNCTION
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:DeleteFunction")
async def delete_function(request: Input, ctx: Context) -> Output:
    """Nothing; raises NotFoundException, BadRequestException."""
    api, id_ = ctx.account.part(Apis).require(request["apiId"]), request["functionId"]
    api.one(FUNCTION, id_, absent(id_))
    if users_of(api, id_):
        # guess: the service's wording
        raise BadRequestException("Cannot delete a function that is used by a resolver.")
    await api.remove(FUNCTION, id_)
    return {}
