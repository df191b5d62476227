"""GetResolver: the resolver of a field.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_GetResolver.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.resources import RESOLVER
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:GetResolver")
async def get_resolver(request: Input, ctx: Context) -> Output:
    """The resolver; raises NotFoundException."""
    api = ctx.account.part(Apis).require(request["apiId"])
    at = f"{request['typeName']}.{request['fieldName']}"
    return {"resolver": api.one(RESOLVER, at, "No resolver found.")}
