"""ListDataSources: an API's data sources.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_ListDataSources.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.pages import page
from habitr_emulator.services.appsync.resources import DATA_SOURCE
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:ListDataSources")
async def list_data_sources(request: Input, ctx: Context) -> Output:
    """One page of data sources; raises NotFoundException."""
    api = ctx.account.part(Apis).require(request["apiId"])
    return page("dataSources", list(api.every(DATA_SOURCE).values()), request)
