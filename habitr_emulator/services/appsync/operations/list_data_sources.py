"""ListDataSources: an API's data sources.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_ListDataSources.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.descriptions import data_source
from habitr_emulator.services.appsync.pages import page
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:ListDataSources")
async def list_data_sources(request: Input, ctx: Context) -> Output:
    """One page of data sources; raises NotFoundException."""
    spec = ctx.account.part(Apis).require(request["apiId"]).spec
    told = [data_source(ctx.account, spec, source) for source in spec.data_sources.values()]
    return page("dataSources", told, request)
