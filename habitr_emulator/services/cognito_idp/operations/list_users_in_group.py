"""ListUsersInGroup: the users in a group.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsersInGroup.html
"""

from habitr_emulator.services.cognito_idp import groups, paging, pools, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:ListUsersInGroup", resources=pools.resource)
async def list_users_in_group(request: Input, ctx: Context) -> Output:
    """A page of users. Raises ResourceNotFoundException, InvalidParameterException."""
    pool = pools.require(ctx, request["UserPoolId"])
    groups.require(ctx.store, pool.id, request["GroupName"])
    limit = min(request.get("Limit") or paging.PAGE, paging.PAGE)
    kind = f"ListUsersInGroup {pool.id} {request['GroupName']}"
    after = await paging.after(ctx, kind, request.get("NextToken"))
    found = groups.members(ctx.store, pool.id, request["GroupName"], after[0] if after else "", limit + 1)
    output: Output = {"Users": [users.described(user) for user in found[:limit]]}
    if len(found) > limit:
        output["NextToken"] = await paging.token(ctx, kind, found[limit - 1].username)
    return output
