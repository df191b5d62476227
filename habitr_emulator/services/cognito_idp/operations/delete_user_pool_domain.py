"""DeleteUserPoolDomain: take the domain of its hosted UI from a pool.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPoolDomain.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import pools
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:DeleteUserPoolDomain", resources=pools.resource)
async def delete_user_pool_domain(request: Input, ctx: Context) -> Output:
    """Free the domain. Raises ResourceNotFoundException, InvalidParameterException (not this pool's)."""
    pool = pools.require(ctx, request["UserPoolId"])

    def write(tx: Transaction) -> None:
        sql = "DELETE FROM cognito_idp_domains WHERE domain = ? AND user_pool_id = ?"
        if tx.execute(sql, (request["Domain"], pool.id)).rowcount != 1:
            raise InvalidParameterException("No such domain or user pool exists.")

    await ctx.store.write(write)
    return {}
