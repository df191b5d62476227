"""DeleteAccessKey: end a key for good.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccessKey.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import access_keys, arns
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:DeleteAccessKey", resources=arns.user)
async def delete_access_key(request: Input, ctx: Context) -> Output:
    """DeleteAccessKey."""
    await access_keys.delete(ctx, access_keys.user_of(ctx, request), request["AccessKeyId"])
    return {}
