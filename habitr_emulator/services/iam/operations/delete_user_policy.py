"""DeleteUserPolicy: remove an inline policy of a user.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUserPolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, inline_policies
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:DeleteUserPolicy", resources=arns.user)
async def delete_user_policy(request: Input, ctx: Context) -> Output:
    """DeleteUserPolicy."""
    await inline_policies.delete(ctx, "user", request["UserName"], request["PolicyName"])
    return {}
