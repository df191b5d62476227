"""AdminRemoveUserFromGroup: take a user out of a group.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminRemoveUserFromGroup.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import groups, pools, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminRemoveUserFromGroup", resources=pools.resource)
async def admin_remove_user_from_group(request: Input, ctx: Context) -> Output:
    """Take the user out of the group. Raises ResourceNotFoundException, UserNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    user = users.require(ctx, pool, request["Username"])

    def write(tx: Transaction) -> None:
        groups.require(tx, pool.id, request["GroupName"])
        sql = "DELETE FROM cognito_idp_memberships WHERE user_pool_id = ? AND username = ? AND group_name = ?"
        tx.execute(sql, (pool.id, user.username, request["GroupName"]))

    await ctx.store.write(write)
    return {}
