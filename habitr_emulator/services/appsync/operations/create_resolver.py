"""CreateResolver: give a field its resolver.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_CreateResolver.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.errors import BadRequestException
from habitr_emulator.services.appsync.resolver_settings import require_field, settings
from habitr_emulator.services.appsync.resources import RESOLVER
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:CreateResolver")
async def create_resolver(request: Input, ctx: Context) -> Output:
    """The resolver; raises NotFoundException for an unknown field, BadRequestException if it has one."""
    api = ctx.account.part(Apis).require(request["apiId"])
    at = require_field(api, request["typeName"], request["fieldName"])
    taken = BadRequestException("Only one resolver is allowed per field.")
    if at in api.every(RESOLVER):
        raise taken
    made = settings(request, api, ctx)
    await api.put(RESOLVER, at, made, taken)
    return {"resolver": made}
