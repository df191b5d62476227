"""ListFunctions: an API's functions.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_ListFunctions.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.pages import page
from habitr_emulator.services.appsync.resources import FUNCTION
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:ListFunctions")
async def list_functions(request: Input, ctx: Context) -> Output:
    """One page of functions; raises NotFoundException."""
    api = ctx.account.part(Apis).require(request["apiId"])
    return page("functions", list(api.every(FUNCTION).values()), request)
