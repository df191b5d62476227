"""ListAccessKeys: the keys of a user, without their secrets.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import access_keys, arns
from habitr_emulator.services.iam.paging import page
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:ListAccessKeys", resources=arns.user)
async def list_access_keys(request: Input, ctx: Context) -> Output:
    """ListAccessKeys."""
    return page("AccessKeyMetadata", access_keys.of_user(ctx, access_keys.user_of(ctx, request)), request)
