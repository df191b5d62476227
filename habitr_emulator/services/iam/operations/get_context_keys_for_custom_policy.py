"""GetContextKeysForCustomPolicy: the condition keys that policies mention.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetContextKeysForCustomPolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import simulation
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:GetContextKeysForCustomPolicy")
async def get_context_keys_for_custom_policy(request: Input, ctx: Context) -> Output:
    """GetContextKeysForCustomPolicy."""
    return {"ContextKeyNames": simulation.keys_of(simulation.given(request["PolicyInputList"]))}
