"""ListAttachedUserPolicies: the managed policies that bind a user.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedUserPolicies.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, managed_policies
from habitr_emulator.services.iam.paging import page
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:ListAttachedUserPolicies", resources=arns.user)
async def list_attached_user_policies(request: Input, ctx: Context) -> Output:
    """ListAttachedUserPolicies."""
    return page("AttachedPolicies", managed_policies.attached(ctx, "user", request["UserName"]), request)
