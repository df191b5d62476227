"""CreateUserPoolDomain: give a pool the domain of its hosted UI.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolDomain.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import domains, pools, unbuilt
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:CreateUserPoolDomain", resources=pools.resource)
async def create_user_pool_domain(request: Input, ctx: Context) -> Output:
    """Take the domain.

    Raises ResourceNotFoundException, InvalidParameterException (taken, reserved, or the pool has one), NotBuilt
    (custom domains).
    """
    pool = pools.require(ctx, request["UserPoolId"])
    domains.refuse_custom(request)
    unbuilt.refuse(request, "Routing")
    domains.check_name(request["Domain"])
    version = domains.login_version(request)

    def write(tx: Transaction) -> None:
        if tx.one("SELECT 1 FROM cognito_idp_domains WHERE domain = ?", (request["Domain"],)):
            raise InvalidParameterException("Domain already associated with another user pool.")
        if tx.one("SELECT 1 FROM cognito_idp_domains WHERE user_pool_id = ?", (pool.id,)):
            raise InvalidParameterException("User pool already has a domain configured.")
        sql = "INSERT INTO cognito_idp_domains (domain, user_pool_id, login_version) VALUES (?, ?, ?)"
        tx.execute(sql, (request["Domain"], pool.id, version))

    await ctx.store.write(write)
    return {"ManagedLoginVersion": version}
