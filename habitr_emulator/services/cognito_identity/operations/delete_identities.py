"""DeleteIdentities: delete identities.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_DeleteIdentities.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-identity:DeleteIdentities")
async def delete_identities(request: Input, ctx: Context) -> Output:
    """Delete the identities; one that is not there is fine."""
    ids = [(identity_id,) for identity_id in request["IdentityIdsToDelete"]]
    sql = "DELETE FROM cognito_identity_identities WHERE identity_id = ?"
    await ctx.store.write(lambda tx: tx.executemany(sql, ids))
    return {"UnprocessedIdentityIds": []}
