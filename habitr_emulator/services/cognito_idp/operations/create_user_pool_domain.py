"""CreateUserPoolDomain: give a pool the domain of its hosted UI.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolDomain.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import pools
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:CreateUserPoolDomain", resources=pools.resource)
async def create_user_pool_domain(request: Input, ctx: Context) -> Output:
    """Take the domain.

    Raises ResourceNotFoundException, InvalidParameterException (taken, or the pool has one).
    """
    pool = pools.require(ctx, request["UserPoolId"])

    def write(tx: Transaction) -> None:
        if tx.one("SELECT 1 FROM cognito_idp_domains WHERE domain = ?", (request["Domain"],)):
            raise InvalidParameterException("Domain already associated with another user pool.")
        if tx.one("SELECT 1 FROM cognito_idp_domains WHERE user_pool_id = ?", (pool.id,)):
            raise InvalidParameterException("User pool already has a domain configured.")
        tx.execute("INSERT INTO cognito_idp_domains VALUES (?, ?)", (request["Domain"], pool.id))

    await ctx.store.write(write)
    return {}
