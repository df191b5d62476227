"""GetUserPolicy: an inline policy of a user, URL-encoded.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUserPolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, inline_policies
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:GetUserPolicy", resources=arns.user)
async def get_user_policy(request: Input, ctx: Context) -> Output:
    """GetUserPolicy."""
    found = inline_policies.get(ctx, "user", request["UserName"], request["PolicyName"])
    return {"UserName": request["UserName"], **found}
