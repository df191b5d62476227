"""UpdateResolver: replace a field's resolver.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_UpdateResolver.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.resolver_settings import settings
from habitr_emulator.services.appsync.resources import RESOLVER
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:UpdateResolver")
async def update_resolver(request: Input, ctx: Context) -> Output:
    """The resolver as it is now; raises NotFoundException."""
    api = ctx.account.part(Apis).require(request["apiId"])
    at = f"{request['typeName']}.{request['fieldName']}"
    api.one(RESOLVER, at, "No resolver found.")
    made = settings(request, api, ctx)
    await api.put(RESOLVER, at, made)
    return {"resolver": made}
