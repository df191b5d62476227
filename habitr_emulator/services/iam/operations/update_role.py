"""UpdateRole: change a role's description and longest session.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, identities
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:UpdateRole", resources=arns.role)
async def update_role(request: Input, ctx: Context) -> Output:
    """UpdateRole."""
    changes = {
        "description": request.get("Description"),
        "max_session_duration": request.get("MaxSessionDuration"),
    }
    await identities.update(ctx, "role", request["RoleName"], changes)
    return {}
