"""UpdateGroup: change a group's description, role or precedence.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateGroup.html
"""

from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.cognito_idp import groups, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:UpdateGroup", resources=pools.resource)
async def update_group(request: Input, ctx: Context) -> Output:
    """Change what the request names. Raises ResourceNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    now = ctx.clock.now()

    def write(tx: Transaction) -> Row:
        before = groups.described(groups.require(tx, pool.id, request["GroupName"]))
        return groups.save(tx, pool.id, {**before, **request}, now)

    return {"Group": groups.described(await ctx.store.write(write))}
