"""DeletePolicy: delete a managed policy that nothing is attached to.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, managed_policies
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:DeletePolicy", resources=arns.policy)
async def delete_policy(request: Input, ctx: Context) -> Output:
    """DeletePolicy."""
    await managed_policies.delete(ctx, request["PolicyArn"])
    return {}
