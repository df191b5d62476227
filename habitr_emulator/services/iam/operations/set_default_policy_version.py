"""SetDefaultPolicyVersion: put a version of a managed policy in force.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SetDefaultPolicyVersion.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, policy_versions
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:SetDefaultPolicyVersion", resources=arns.policy)
async def set_default_policy_version(request: Input, ctx: Context) -> Output:
    """SetDefaultPolicyVersion."""
    await policy_versions.set_default(ctx, request["PolicyArn"], request["VersionId"])
    return {}
