"""DeleteUserPoolClient: delete an app client.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_DeleteUserPoolClient.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.cognito_idp import documents, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:DeleteUserPoolClient", resources=pools.resource)
async def delete_user_pool_client(request: Input, ctx: Context) -> Output:
    """Delete the client. Raises ResourceNotFoundException."""
    pool, client = pools.client_in(ctx, request["UserPoolId"], request["ClientId"])

    def write(tx: Transaction) -> None:
        tx.execute("DELETE FROM cognito_idp_clients WHERE client_id = ?", (client.id,))
        documents.forget_client(tx, pool.id, client.id)

    await ctx.store.write(write)
    return {}
