"""ListApiKeys: an API's keys.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_ListApiKeys.html
"""

from habitr_emulator.services.appsync.api_keys import keys_of
from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.pages import page
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:ListApiKeys")
async def list_api_keys(request: Input, ctx: Context) -> Output:
    """One page of keys; raises NotFoundException."""
    api = ctx.account.part(Apis).require(request["apiId"])
    return page("apiKeys", list(keys_of(api, ctx.clock.now()).values()), request)
