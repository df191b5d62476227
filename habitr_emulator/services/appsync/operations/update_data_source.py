"""UpdateDataSource: replace a data source.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_UpdateDataSource.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.data_source_settings import settings
from habitr_emulator.services.appsync.resources import DATA_SOURCE
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:UpdateDataSource")
async def update_data_source(request: Input, ctx: Context) -> Output:
    """The data source as it is now; raises NotFoundException."""
    api, name = ctx.account.part(Apis).require(request["apiId"]), request["name"]
    api.one(DATA_SOURCE, name, f"No data source found named {name}")
    made = settings(request, ctx.account)
    await api.put(DATA_SOURCE, name, made)
    return {"dataSource": made}
