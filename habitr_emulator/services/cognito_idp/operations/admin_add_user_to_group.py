"""AdminAddUserToGroup: put a user into a group.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminAddUserToGroup.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import groups, pools, users
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:AdminAddUserToGroup", resources=pools.resource)
async def admin_add_user_to_group(request: Input, ctx: Context) -> Output:
    """Put the user into the group; once more is fine. Raises ResourceNotFoundException, UserNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    user = users.require(ctx, pool, request["Username"])

    def write(tx: Transaction) -> None:
        users.again(tx, user)
        groups.require(tx, pool.id, request["GroupName"])
        sql = "INSERT OR IGNORE INTO cognito_idp_memberships VALUES (?, ?, ?)"
        tx.execute(sql, (pool.id, user.username, request["GroupName"]))

    await ctx.store.write(write)
    return {}
