"""DeleteApiKey: remove an API key.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_DeleteApiKey.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.resources import KEY
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:DeleteApiKey")
async def delete_api_key(request: Input, ctx: Context) -> Output:
    """Nothing; raises NotFoundException."""
    api = ctx.account.part(Apis).require(request["apiId"])
    api.one(KEY, request["id"], f"API key {request['id']} not found.")  # guess: the service's wording
    await api.remove(KEY, request["id"])
    return {}
