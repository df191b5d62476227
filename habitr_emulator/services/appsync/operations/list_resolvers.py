"""ListResolvers: the resolvers of a type's fields.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_ListResolvers.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.pages import page
from habitr_emulator.services.appsync.resources import RESOLVER
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:ListResolvers")
async def list_resolvers(request: Input, ctx: Context) -> Output:
    """One page of resolvers; raises NotFoundException."""
    api = ctx.account.part(Apis).require(request["apiId"])
    of_type = [told for told in api.every(RESOLVER).values() if told["typeName"] == request["typeName"]]
    return page("resolvers", of_type, request)
