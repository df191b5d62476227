"""GetGroup: one group.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetGroup.html
"""

from habitr_emulator.services.cognito_idp import groups, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:GetGroup", resources=pools.resource)
async def get_group(request: Input, ctx: Context) -> Output:
    """The group. Raises ResourceNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    return {"Group": groups.described(groups.require(ctx.store, pool.id, request["GroupName"]))}
