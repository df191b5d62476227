"""GetContextKeysForPrincipalPolicy: the condition keys that policies mention.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetContextKeysForPrincipalPolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, simulation
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:GetContextKeysForPrincipalPolicy", resources=arns.source)
async def get_context_keys_for_principal_policy(request: Input, ctx: Context) -> Output:
    """GetContextKeysForPrincipalPolicy."""
    sources = simulation.of_principal(ctx, request["PolicySourceArn"]) + simulation.given(
        request.get("PolicyInputList", [])
    )
    return {"ContextKeyNames": simulation.keys_of(sources)}
