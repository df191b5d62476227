"""CreateType: add a type to an API's schema.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_CreateType.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.descriptions import api_arn
from habitr_emulator.services.appsync.errors import BadRequestException
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:CreateType")
async def create_type(request: Input, ctx: Context) -> Output:
    """The type; raises BadRequestException if the schema has it or would not hold together."""
    from habitr_emulator.services.appsync import schema_types

    api = ctx.account.part(Apis).require(request["apiId"])
    node = schema_types.read(request["definition"], request["format"])
    name = node.name.value

    def add(types: schema_types.Definitions) -> None:
        if name in types:
            raise BadRequestException(f"Type {name} already exists.")  # guess: the service's wording
        types[name] = node

    await schema_types.change(api, add)
    arn = api_arn(ctx.account, api.api_id)
    return {"type": schema_types.described(api, request["format"], arn)[name]}
