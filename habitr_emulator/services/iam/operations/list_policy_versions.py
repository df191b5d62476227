"""ListPolicyVersions: the versions of a managed policy: its document is its only one.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicyVersions.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, managed_policies
from habitr_emulator.services.iam.paging import page
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:ListPolicyVersions", resources=arns.policy)
async def list_policy_versions(request: Input, ctx: Context) -> Output:
    """ListPolicyVersions."""
    policy = managed_policies.require(ctx, request["PolicyArn"])
    only = {
        "VersionId": managed_policies.DEFAULT_VERSION,
        "IsDefaultVersion": True,
        "CreateDate": policy["created_at"],
    }
    return page("Versions", [only], request)
