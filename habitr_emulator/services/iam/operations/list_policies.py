"""ListPolicies: the managed policies of the account and of AWS.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicies.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import managed_policies
from habitr_emulator.services.iam.paging import page
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:ListPolicies")
async def list_policies(request: Input, ctx: Context) -> Output:
    """ListPolicies."""
    found = managed_policies.all_of(ctx, request.get("Scope", "All"), request.get("PathPrefix", "/"))
    if request.get("OnlyAttached"):
        found = [policy for policy in found if policy["AttachmentCount"]]
    return page("Policies", found, request)
