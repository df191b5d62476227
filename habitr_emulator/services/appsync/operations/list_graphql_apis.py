"""ListGraphqlApis: the account's GraphQL APIs.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_ListGraphqlApis.html
"""

from habitr_emulator.services.appsync.apis import Apis
from habitr_emulator.services.appsync.pages import page
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:ListGraphqlApis")
async def list_graphql_apis(request: Input, ctx: Context) -> Output:
    """One page of APIs, of ``apiType`` if that is given; all are owned by the account."""
    shared = request.get("owner") == "OTHER_ACCOUNTS" or request.get("apiType", "GRAPHQL") != "GRAPHQL"
    found = [] if shared else ctx.account.part(Apis).all()
    return page("graphqlApis", [api.shown() for api in found], request)
