"""DeleteApp: delete an application with its endpoints and events.

https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.pinpoint import apps
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="mobiletargeting:DeleteApp", resources=apps.arn_of)
async def delete_app(request: Input, ctx: Context) -> Output:
    """Delete it, and say what it was; raises NotFoundException."""
    described = apps.described(ctx.account, apps.require(ctx, request["ApplicationId"]))

    def delete(tx: Transaction) -> None:
        for table in ("event", "endpoint", "app"):
            tx.execute(f"DELETE FROM pinpoint_{table} WHERE application_id = ?", (described["Id"],))  # noqa: S608

    await ctx.store.write(delete)
    return {"ApplicationResponse": described}
