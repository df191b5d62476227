"""DeleteGroup: delete a group; its members stay users.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteGroup.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import groups, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:DeleteGroup", resources=pools.resource)
async def delete_group(request: Input, ctx: Context) -> Output:
    """Delete the group. Raises ResourceNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])

    def write(tx: Transaction) -> None:
        groups.require(tx, pool.id, request["GroupName"])
        sql = "DELETE FROM cognito_idp_groups WHERE user_pool_id = ? AND group_name = ?"
        tx.execute(sql, (pool.id, request["GroupName"]))

    await ctx.store.write(write)
    return {}
