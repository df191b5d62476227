"""CreateUser: a new user, without keys or policies.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
"""

import json

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, identities
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:CreateUser", resources=arns.user)
async def create_user(request: Input, ctx: Context) -> Output:
    """CreateUser."""
    identities.refuse_boundary(request)
    values = {
        "name": request["UserName"],
        "id": identities.new_id(ctx, "AIDA"),
        "path": request.get("Path", "/"),
        "tags": json.dumps(request.get("Tags", [])),
        "created_at": ctx.clock.now(),
    }
    await ctx.store.write(lambda tx: identities.insert(tx, "user", values))
    identities.changed(ctx)
    return {"User": identities.shown_user(ctx.account, identities.require(ctx, "user", request["UserName"]))}
