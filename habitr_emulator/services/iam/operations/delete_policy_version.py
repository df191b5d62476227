"""DeletePolicyVersion: delete a version of a managed policy that is not in force.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicyVersion.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, policy_versions
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:DeletePolicyVersion", resources=arns.policy)
async def delete_policy_version(request: Input, ctx: Context) -> Output:
    """DeletePolicyVersion."""
    await policy_versions.delete(ctx, request["PolicyArn"], request["VersionId"])
    return {}
