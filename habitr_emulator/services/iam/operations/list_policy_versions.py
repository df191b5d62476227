"""ListPolicyVersions: the versions of a managed policy, without their documents.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicyVersions.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, policy_versions
from habitr_emulator.services.iam.paging import page
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:ListPolicyVersions", resources=arns.policy)
async def list_policy_versions(request: Input, ctx: Context) -> Output:
    """ListPolicyVersions."""
    versions = policy_versions.of(ctx, request["PolicyArn"])
    listed = [{name: value for name, value in each.items() if name != "Document"} for each in versions]
    return page("Versions", listed, request)
