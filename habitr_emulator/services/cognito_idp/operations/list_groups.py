"""ListGroups: the groups of a pool.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListGroups.html
"""

from habitr_emulator.services.cognito_idp import groups, paging, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:ListGroups", resources=pools.resource)
async def list_groups(request: Input, ctx: Context) -> Output:
    """A page of groups, by name. Raises ResourceNotFoundException, InvalidParameterException."""
    pool = pools.require(ctx, request["UserPoolId"])
    limit = min(request.get("Limit") or paging.PAGE, paging.PAGE)
    kind = f"ListGroups {pool.id}"
    after = await paging.after(ctx, kind, request.get("NextToken"))
    rows = groups.listed(ctx.store, pool.id, after[0] if after else "", limit + 1)
    output: Output = {"Groups": [groups.described(row) for row in rows[:limit]]}
    if len(rows) > limit:
        output["NextToken"] = await paging.token(ctx, kind, rows[limit - 1]["group_name"])
    return output
