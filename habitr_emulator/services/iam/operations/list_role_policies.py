"""ListRolePolicies: the names of the inline policies of a role.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, inline_policies
from habitr_emulator.services.iam.paging import page
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:ListRolePolicies", resources=arns.role)
async def list_role_policies(request: Input, ctx: Context) -> Output:
    """ListRolePolicies."""
    return page("PolicyNames", inline_policies.names(ctx, "role", request["RoleName"]), request)
