"""DeleteResolver: take a field's resolver away.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_DeleteResolver.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.resources import RESOLVER
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:DeleteResolver")
async def delete_resolver(request: Input, ctx: Context) -> Output:
    """Nothing; raises NotFoundException."""
    api = ctx.account.part(Apis).require(request["apiId"])
    at = f"{request['typeName']}.{request['fieldName']}"
    api.one(RESOLVER, at, "No resolver found.")
    await api.remove(RESOLVER, at)
    return {}
