"""DeleteEventSourceMapping: a stream feeds a function no longer.

https://docs.aws.amazon.com/lambda/latest/api/API_DeleteEventSourceMapping.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import event_sources
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:DeleteEventSourceMapping", resources=event_sources.arn_of)
async def delete_event_source_mapping(request: Input, ctx: Context) -> Output:
    """The configuration that it had, in state Deleting. Raises ResourceNotFoundException."""
    mapping = event_sources.require(ctx.account, request["UUID"])

    def delete(tx: Transaction) -> None:
        tx.execute("DELETE FROM lambda_event_source_mapping WHERE uuid = ?", (mapping.uuid,))

    await ctx.store.write(delete)
    return event_sources.describe(ctx, mapping, "Deleting")
