"""CreateRole: a new role with its trust policy.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
"""

import json

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, documents, identities
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:CreateRole", resources=arns.role)
async def create_role(request: Input, ctx: Context) -> Output:
    """CreateRole."""
    identities.refuse_boundary(request)
    documents.read(request["AssumeRolePolicyDocument"], "trust")
    values = {
        "name": request["RoleName"],
        "id": identities.new_id(ctx, "AROA"),
        "path": request.get("Path", "/"),
        "trust_policy": request["AssumeRolePolicyDocument"],
        "description": request.get("Description"),
        "max_session_duration": request.get("MaxSessionDuration", 3600),
        "tags": json.dumps(request.get("Tags", [])),
        "created_at": ctx.clock.now(),
    }
    await ctx.store.write(lambda tx: identities.insert(tx, "role", values))
    identities.changed(ctx)
    return {"Role": identities.shown_role(ctx.account, identities.require(ctx, "role", request["RoleName"]))}
