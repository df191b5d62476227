"""CreateApiKey: make an API key.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_CreateApiKey.html
"""

from habitr_emulator.services.appsync.api_keys import MOST_KEYS, expiry, keys_of
from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.errors import ApiKeyLimitExceededException
from habitr_emulator.services.appsync.resources import KEY
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:CreateApiKey")
async def create_api_key(request: Input, ctx: Context) -> Output:
    """The key, good for a week unless ``expires`` says otherwise; raises ApiKeyValidityOutOfBoundsException."""
    api = ctx.account.part(Apis).require(request["apiId"])
    now = ctx.clock.now()
    if len(keys_of(api, now)) >= MOST_KEYS:
        # guess: the service's wording
        raise ApiKeyLimitExceededException(f"You have reached the limit of {MOST_KEYS} API keys for this API.")
    id_ = f"da2-{ctx.ids.base36(26)}"
    told = {"description": request["description"]} if request.get("description") else {}
    made = {"id": id_, **told, **expiry(request.get("expires"), now)}
    await api.put(KEY, id_, made)
    return {"apiKey": made}
