"""DeleteGroup: delete a group that has no members and policies any more.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroup.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, identities
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:DeleteGroup", resources=arns.group)
async def delete_group(request: Input, ctx: Context) -> Output:
    """DeleteGroup."""
    await identities.delete(ctx, "group", request["GroupName"])
    return {}
