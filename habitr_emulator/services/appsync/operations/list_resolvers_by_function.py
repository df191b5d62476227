"""ListResolversByFunction: the pipelines that run a function.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_ListResolversByFunction.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.function_settings import absent
from habitr_emulator.services.appsync.pages import page
from habitr_emulator.services.appsync.resolver_settings import users_of
from habitr_emulator.services.appsync.resources import FUNCTION
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:ListResolversByFunction")
async def list_resolvers_by_function(request: Input, ctx: Context) -> Output:
    """One page of resolvers; raises NotFoundException."""
    api, id_ = ctx.account.part(Apis).require(request["apiId"]), request["functionId"]
    api.one(FUNCTION, id_, absent(id_))
    return page("resolvers", users_of(api, id_), request)
