"""DeleteRole: delete a role that has no policies any more.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, identities
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:DeleteRole", resources=arns.role)
async def delete_role(request: Input, ctx: Context) -> Output:
    """DeleteRole."""
    await identities.delete(ctx, "role", request["RoleName"])
    return {}
