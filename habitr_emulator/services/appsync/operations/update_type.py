"""UpdateType: replace a type of an API's schema.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_UpdateType.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.descriptions import api_arn
from habitr_emulator.services.appsync.errors import BadRequestException
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:UpdateType")
async def update_type(request: Input, ctx: Context) -> Output:
    """The type as it is now; raises NotFoundException, BadRequestException."""
    from habitr_emulator.services.appsync import schema_types

    api, name = ctx.account.part(Apis).require(request["apiId"]), request["typeName"]
    told = schema_types.described(api, "SDL", "").get(name)
    if told is None:
        raise schema_types.absent(name)
    node = schema_types.read(request.get("definition") or told["definition"], request["format"])
    if node.name.value != name:
        raise BadRequestException(f"The definition is of another type than {name}.")  # guess: the wording
    await schema_types.change(api, lambda types: types.update({name: node}))
    arn = api_arn(ctx.account, api.api_id)
    return {"type": schema_types.described(api, request["format"], arn)[name]}
