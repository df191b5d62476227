"""PutUserPolicy: add or replace an inline policy of a user.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, inline_policies
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:PutUserPolicy", resources=arns.user)
async def put_user_policy(request: Input, ctx: Context) -> Output:
    """PutUserPolicy."""
    await inline_policies.put(ctx, "user", request["UserName"], request["PolicyName"], request["PolicyDocument"])
    return {}
