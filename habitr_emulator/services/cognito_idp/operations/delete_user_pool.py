"""DeleteUserPool: delete a pool with its users, clients and keys.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPool.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import pools, tokens
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:DeleteUserPool", resources=pools.resource)
async def delete_user_pool(request: Input, ctx: Context) -> Output:
    """Delete the pool.

    Raises ResourceNotFoundException, InvalidParameterException (protected, or with a domain).
    """
    pool = pools.require(ctx, request["UserPoolId"])
    if pool.settings["DeletionProtection"] == "ACTIVE":
        raise InvalidParameterException(
            "The user pool cannot be deleted because deletion protection is activated. "
            "Deletion protection must be inactivated first."
        )

    def write(tx: Transaction) -> None:
        if tx.one("SELECT 1 FROM cognito_idp_domains WHERE user_pool_id = ?", (pool.id,)):
            raise InvalidParameterException(
                "User pool cannot be deleted. It has a domain configured that should be deleted first."
            )
        tx.execute("DELETE FROM cognito_idp_pools WHERE user_pool_id = ?", (pool.id,))

    await ctx.store.write(write, long=True)
    tokens.forget_pool(ctx.account, pool.id)
    return {}
