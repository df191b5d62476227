"""AdminListUserAuthEvents: what a user did, in a pool whose AdvancedSecurityMode is AUDIT.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminListUserAuthEvents.html
"""

from habitr_emulator.services.cognito_idp import auth_events, paging, pools, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminListUserAuthEvents", resources=pools.resource)
async def admin_list_user_auth_events(request: Input, ctx: Context) -> Output:
    """A page of events, newest first. Raises UserPoolAddOnNotEnabledException, UserNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    user = users.require(ctx, pool, request["Username"])
    auth_events.require(pool)
    kind, limit = f"AdminListUserAuthEvents {user.sub}", request.get("MaxResults") or paging.PAGE
    after = await paging.after(ctx, kind, request.get("NextToken"))
    rows = auth_events.page(ctx, user, int(after[0]) if after else 0, limit + 1)
    output: Output = {"AuthEvents": [auth_events.described(row) for row in rows[:limit]]}
    if len(rows) > limit:
        output["NextToken"] = await paging.token(ctx, kind, str(rows[limit - 1]["number"]))
    return output
