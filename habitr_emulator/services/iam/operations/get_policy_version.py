"""GetPolicyVersion: the document of one version of a managed policy, URL-encoded.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, policy_versions
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:GetPolicyVersion", resources=arns.policy)
async def get_policy_version(request: Input, ctx: Context) -> Output:
    """GetPolicyVersion."""
    return {"PolicyVersion": policy_versions.require(ctx, request["PolicyArn"], request["VersionId"])}
