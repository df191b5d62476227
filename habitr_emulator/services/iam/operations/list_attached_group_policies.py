"""ListAttachedGroupPolicies: the managed policies that are attached to a group.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedGroupPolicies.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, managed_policies
from habitr_emulator.services.iam.paging import page
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:ListAttachedGroupPolicies", resources=arns.group)
async def list_attached_group_policies(request: Input, ctx: Context) -> Output:
    """ListAttachedGroupPolicies."""
    return page("AttachedPolicies", managed_policies.attached(ctx, "group", request["GroupName"]), request)
