"""ListUserPolicies: the names of the inline policies of a user.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUserPolicies.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, inline_policies
from habitr_emulator.services.iam.paging import page
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:ListUserPolicies", resources=arns.user)
async def list_user_policies(request: Input, ctx: Context) -> Output:
    """ListUserPolicies."""
    return page("PolicyNames", inline_policies.names(ctx, "user", request["UserName"]), request)
