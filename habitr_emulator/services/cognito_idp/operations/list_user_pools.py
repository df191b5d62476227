"""ListUserPools: the user pools of the account.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUserPools.html
"""

from habitr_emulator.services.cognito_idp import paging, pools
from habitr_emulator.services.cognito_idp.pools import Pool
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:ListUserPools")
async def list_user_pools(request: Input, ctx: Context) -> Output:
    """A page of pools. Raises InvalidParameterException."""
    limit = request["MaxResults"]
    after = await paging.after(ctx, "ListUserPools", request.get("NextToken"))
    found = pools.listed(ctx, after[0] if after else "", limit + 1)
    output: Output = {"UserPools": [_shown(pool) for pool in found[:limit]]}
    if len(found) > limit:
        output["NextToken"] = await paging.token(ctx, "ListUserPools", found[limit - 1].id)
    return output


def _shown(pool: Pool) -> Output:
    return {
        "Id": pool.id,
        "Name": pool.settings["Name"],
        "LambdaConfig": pool.settings["LambdaConfig"],
        "LastModifiedDate": pool.modified_at,
        "CreationDate": pool.created_at,
    }
