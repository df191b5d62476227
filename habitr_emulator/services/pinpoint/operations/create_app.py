"""CreateApp: make an application.

https://docs.aws.amazon.com/pinpoint/latest/apireference/apps.html
"""

import json

from habitr_emulator.services.context import Context
from habitr_emulator.services.pinpoint import apps
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="mobiletargeting:CreateApp")
async def create_app(request: Input, ctx: Context) -> Output:
    """Make it, and describe it. ``tags`` are kept with it."""
    given = request["CreateApplicationRequest"]
    application_id = ctx.ids.text(32, "0123456789abcdef")
    row = (application_id, given["Name"], ctx.clock.now(), json.dumps(given.get("tags") or {}))
    await ctx.store.write(lambda tx: tx.execute("INSERT INTO pinpoint_app VALUES (?, ?, ?, ?)", row))
    return {"ApplicationResponse": apps.described(ctx.account, apps.require(ctx, application_id))}
