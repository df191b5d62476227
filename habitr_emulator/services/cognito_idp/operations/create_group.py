"""CreateGroup: make a group.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateGroup.html
"""

from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.cognito_idp import groups, pools
from habitr_emulator.services.cognito_idp.errors import GroupExistsException
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:CreateGroup", resources=pools.resource)
async def create_group(request: Input, ctx: Context) -> Output:
    """Make the group. Raises ResourceNotFoundException, GroupExistsException."""
    pool = pools.require(ctx, request["UserPoolId"])
    now = ctx.clock.now()

    def write(tx: Transaction) -> Row:
        if groups.find(tx, pool.id, request["GroupName"]) is not None:
            raise GroupExistsException
        return groups.save(tx, pool.id, request, now)

    return {"Group": groups.described(await ctx.store.write(write))}
