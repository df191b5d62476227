"""GetIntrospectionSchema: an API's schema as SDL or introspection JSON.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_GetIntrospectionSchema.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.descriptions import api_arn
from habitr_emulator.services.appsync.errors import SchemaMissing
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(
    action="appsync:GetIntrospectionSchema", resources=lambda request, ctx: api_arn(ctx.account, request["apiId"])
)
async def get_introspection_schema(request: Input, ctx: Context) -> Output:
    """The schema as bytes; raises NotFoundException or GraphQLSchemaException."""
    from habitr_emulator.services.appsync.introspection_documents import introspection, sdl

    api = ctx.account.part(Apis).require(request["apiId"])
    if not api.spec.sdl.strip():
        raise SchemaMissing(why=f"API {api.spec.name} has no schema: StartSchemaCreation gives it one")
    schema = api.schema
    if request["format"] == "JSON":
        return {"schema": introspection(schema)}
    return {"schema": sdl(schema, directives=request.get("includeDirectives", True))}
