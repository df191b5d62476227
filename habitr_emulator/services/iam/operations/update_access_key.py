"""UpdateAccessKey: let a key work or not.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccessKey.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import access_keys, arns
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:UpdateAccessKey", resources=arns.user)
async def update_access_key(request: Input, ctx: Context) -> Output:
    """UpdateAccessKey."""
    await access_keys.update(ctx, access_keys.user_of(ctx, request), request["AccessKeyId"], request["Status"])
    return {}
