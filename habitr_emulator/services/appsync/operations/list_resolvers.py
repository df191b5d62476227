"""ListResolvers: the resolvers of a type's fields.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_ListResolvers.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.descriptions import resolver
from habitr_emulator.services.appsync.pages import page
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:ListResolvers")
async def list_resolvers(request: Input, ctx: Context) -> Output:
    """One page of resolvers; raises NotFoundException."""
    spec = ctx.account.part(Apis).require(request["apiId"]).spec
    wanted = request["typeName"]
    told = [resolver(ctx.account, spec, at, found) for at, found in spec.resolvers.items() if at[0] == wanted]
    return page("resolvers", told, request)
