"""CreateAccessKey: a new key for a user; its secret is shown this once.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import access_keys, arns
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:CreateAccessKey", resources=arns.user)
async def create_access_key(request: Input, ctx: Context) -> Output:
    """CreateAccessKey."""
    return {"AccessKey": await access_keys.create(ctx, access_keys.user_of(ctx, request))}
