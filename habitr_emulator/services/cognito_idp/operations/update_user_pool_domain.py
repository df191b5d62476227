"""UpdateUserPoolDomain: change the version of the hosted UI that a domain shows.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPoolDomain.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import domains, pools, unbuilt
from habitr_emulator.services.cognito_idp.errors import InvalidParameterException
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:UpdateUserPoolDomain", resources=pools.resource)
async def update_user_pool_domain(request: Input, ctx: Context) -> Output:
    """Change the version; both look the same here.

    Raises ResourceNotFoundException, InvalidParameterException (not this pool's), NotBuilt (custom domains).
    """
    pool = pools.require(ctx, request["UserPoolId"])
    domains.refuse_custom(request)
    unbuilt.refuse(request, "Routing")
    version = domains.login_version(request)

    def write(tx: Transaction) -> None:
        sql = "UPDATE cognito_idp_domains SET login_version = ? WHERE domain = ? AND user_pool_id = ?"
        if tx.execute(sql, (version, request["Domain"], pool.id)).rowcount != 1:
            raise InvalidParameterException("No such domain or user pool exists.")

    await ctx.store.write(write)
    return {"ManagedLoginVersion": version}
