"""CreatePolicyVersion: another document for a managed policy, in force at once or later.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicyVersion.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, policy_versions
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:CreatePolicyVersion", resources=arns.policy)
async def create_policy_version(request: Input, ctx: Context) -> Output:
    """CreatePolicyVersion."""
    made = await policy_versions.create(
        ctx,
        request["PolicyArn"],
        request["PolicyDocument"],
        set_as_default=bool(request.get("SetAsDefault")),
    )
    return {"PolicyVersion": made}
