"""UpdateApiKey: give an API key another expiry or description; an expired one works again.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_UpdateApiKey.html
"""

from habitr_emulator.services.appsync.api_keys import expiry, keys_of
from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.errors import NotFoundException
from habitr_emulator.services.appsync.resources import KEY
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:UpdateApiKey")
async def update_api_key(request: Input, ctx: Context) -> Output:
    """The key; raises NotFoundException or ApiKeyValidityOutOfBoundsException."""
    api = ctx.account.part(Apis).require(request["apiId"])
    now = ctx.clock.now()
    known = keys_of(api, now).get(request["id"])
    if known is None:
        raise NotFoundException(f"API key {request['id']} not found.")  # guess: the service's wording
    made = dict(known)
    if request.get("expires") is not None or "expires" not in known:
        made |= expiry(request.get("expires"), now)
    if "description" in request:
        made["description"] = request["description"]
    await api.put(KEY, made["id"], made)
    return {"apiKey": made}
