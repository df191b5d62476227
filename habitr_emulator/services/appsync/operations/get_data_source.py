"""GetDataSource: one data source.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_GetDataSource.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.resources import DATA_SOURCE
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:GetDataSource")
async def get_data_source(request: Input, ctx: Context) -> Output:
    """The data source; raises NotFoundException."""
    name = request["name"]
    api = ctx.account.part(Apis).require(request["apiId"])
    return {"dataSource": api.one(DATA_SOURCE, name, f"No data source found named {name}")}
