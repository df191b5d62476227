"""ListIdentities: the identities of an identity pool.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_ListIdentities.html
"""

from habitr_emulator.services.cognito_identity import identities, paging, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-identity:ListIdentities", resources=pools.resource)
async def list_identities(request: Input, ctx: Context) -> Output:
    """A page of identities. Raises ResourceNotFoundException, InvalidParameterException."""
    pool, limit = pools.require(ctx, request["IdentityPoolId"]), request["MaxResults"]
    sql = """SELECT * FROM cognito_identity_identities WHERE identity_pool_id = ? AND identity_id > ?
             AND NOT (? AND EXISTS (SELECT 1 FROM cognito_identity_disabled gone
                                    WHERE gone.identity_id = cognito_identity_identities.identity_id))
             ORDER BY identity_id LIMIT ?"""
    hidden = bool(request.get("HideDisabled"))
    rows = ctx.store.all(sql, (pool.id, paging.after(request.get("NextToken")), hidden, limit + 1))
    shown = [identities.described(ctx, row) for row in rows[:limit]]
    output: Output = {"IdentityPoolId": pool.id, "Identities": shown}
    if len(rows) > limit:
        output["NextToken"] = paging.token(rows[limit - 1]["identity_id"])
    return output
