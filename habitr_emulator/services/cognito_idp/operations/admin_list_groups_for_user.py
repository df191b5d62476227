"""AdminListGroupsForUser: the groups of a user.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminListGroupsForUser.html
"""

from habitr_emulator.services.cognito_idp import groups, paging, pools, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminListGroupsForUser", resources=pools.resource)
async def admin_list_groups_for_user(request: Input, ctx: Context) -> Output:
    """A page of groups, by name.

    Raises ResourceNotFoundException, UserNotFoundException, InvalidParameterException.
    """
    pool = pools.require(ctx, request["UserPoolId"])
    user = users.require(ctx, pool, request["Username"])
    limit = min(request.get("Limit") or paging.PAGE, paging.PAGE)
    kind = f"AdminListGroupsForUser {pool.id} {user.username}"
    after = await paging.after(ctx, kind, request.get("NextToken"))
    rows = groups.of_user(ctx.store, user, after[0] if after else "", limit + 1)
    output: Output = {"Groups": [groups.described(row) for row in rows[:limit]]}
    if len(rows) > limit:
        output["NextToken"] = await paging.token(ctx, kind, rows[limit - 1]["group_name"])
    return output
