"""ListUsers: the users of a pool, all or by a filter.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
"""

from habitr_emulator.services.cognito_idp import filters, listing, paging, pools, users
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:ListUsers", resources=pools.resource)
async def list_users(request: Input, ctx: Context) -> Output:
    """A page of users. Raises ResourceNotFoundException, InvalidParameterException."""
    pool = pools.require(ctx, request["UserPoolId"])
    text = request.get("Filter") or ""
    chosen = filters.parse(text) if text.strip() else None
    limit = min(request.get("Limit") or paging.PAGE, paging.PAGE)
    kind = f"ListUsers {pool.id} {text}"
    after = await paging.after(ctx, kind, request.get("PaginationToken"))
    rows = listing.page(ctx, pool, chosen, after, limit + 1)
    wanted = request.get("AttributesToGet") or []
    if not {attribute["Name"] for attribute in pool.settings["SchemaAttributes"]}.issuperset(wanted):
        raise InvalidParameterException("One or more requested attributes do not exist.")
    only = wanted.__contains__ if wanted else None
    output: Output = {"Users": [users.described(user, only) for user in users.from_rows(rows[:limit])]}
    if len(rows) > limit:
        output["PaginationToken"] = await paging.token(ctx, kind, *listing.key(rows[limit - 1]))
    return output
