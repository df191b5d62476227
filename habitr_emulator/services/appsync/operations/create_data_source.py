"""CreateDataSource: give an API a data source.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_CreateDataSource.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.data_source_settings import settings
from habitr_emulator.services.appsync.errors import BadRequestException
from habitr_emulator.services.appsync.resources import DATA_SOURCE
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:CreateDataSource")
async def create_data_source(request: Input, ctx: Context) -> Output:
    """The data source; raises BadRequestException if there is one of the name."""
    api, name = ctx.account.part(Apis).require(request["apiId"]), request["name"]
    taken = BadRequestException(f"Data source with name {name} already exists")
    if name in api.every(DATA_SOURCE):
        raise taken
    made = settings(request, ctx.account)
    await api.put(DATA_SOURCE, name, made, taken)
    return {"dataSource": made}
