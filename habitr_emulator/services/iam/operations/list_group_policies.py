"""ListGroupPolicies: the names of a group's inline policies.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroupPolicies.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, inline_policies
from habitr_emulator.services.iam.paging import page
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:ListGroupPolicies", resources=arns.group)
async def list_group_policies(request: Input, ctx: Context) -> Output:
    """ListGroupPolicies."""
    return page("PolicyNames", inline_policies.names(ctx, "group", request["GroupName"]), request)
