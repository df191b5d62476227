"""DeleteType: remove a type from an API's schema.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_DeleteType.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:DeleteType")
async def delete_type(request: Input, ctx: Context) -> Output:
    """Nothing; raises NotFoundException, BadRequestException if other types need it."""
    from habitr_emulator.services.appsync import schema_types

    api, name = ctx.account.part(Apis).require(request["apiId"]), request["typeName"]

    def remove(types: schema_types.Definitions) -> None:
        if types.pop(name, None) is None:
            raise schema_types.absent(name)

    await schema_types.change(api, remove)
    return {}
