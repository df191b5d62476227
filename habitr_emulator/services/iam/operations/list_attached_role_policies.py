"""ListAttachedRolePolicies: the managed policies that bind a role.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, managed_policies
from habitr_emulator.services.iam.paging import page
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:ListAttachedRolePolicies", resources=arns.role)
async def list_attached_role_policies(request: Input, ctx: Context) -> Output:
    """ListAttachedRolePolicies."""
    return page("AttachedPolicies", managed_policies.attached(ctx, "role", request["RoleName"]), request)
