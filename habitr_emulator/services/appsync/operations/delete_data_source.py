"""DeleteDataSource: remove a data source.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_DeleteDataSource.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.resources import DATA_SOURCE
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:DeleteDataSource")
async def delete_data_source(request: Input, ctx: Context) -> Output:
    """Nothing; raises NotFoundException."""
    api, name = ctx.account.part(Apis).require(request["apiId"]), request["name"]
    api.one(DATA_SOURCE, name, f"No data source found named {name}")
    await api.remove(DATA_SOURCE, name)
    return {}
