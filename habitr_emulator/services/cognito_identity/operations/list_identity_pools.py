"""ListIdentityPools: the identity pools of the account.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_ListIdentityPools.html
"""

from habitr_emulator.services.cognito_identity import paging, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-identity:ListIdentityPools")
async def list_identity_pools(request: Input, ctx: Context) -> Output:
    """A page of pools. Raises InvalidParameterException."""
    limit = request["MaxResults"]
    found = pools.listed(ctx, paging.after(request.get("NextToken")), limit + 1)
    shown = [
        {"IdentityPoolId": pool.id, "IdentityPoolName": pool.settings.get("IdentityPoolName", "")}
        for pool in found[:limit]
    ]
    output: Output = {"IdentityPools": shown}
    if len(found) > limit:
        output["NextToken"] = paging.token(found[limit - 1].id)
    return output
