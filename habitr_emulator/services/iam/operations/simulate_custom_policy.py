"""SimulateCustomPolicy: what the given policies would decide.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import simulation
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:SimulateCustomPolicy")
async def simulate_custom_policy(request: Input, ctx: Context) -> Output:
    """SimulateCustomPolicy."""
    sources = simulation.given(request["PolicyInputList"])
    return simulation.simulate(ctx, request, sources)
