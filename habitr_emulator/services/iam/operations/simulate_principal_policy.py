"""SimulatePrincipalPolicy: what the policies of a role or user, and the given ones, would decide.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import arns, simulation
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:SimulatePrincipalPolicy", resources=arns.source)
async def simulate_principal_policy(request: Input, ctx: Context) -> Output:
    """SimulatePrincipalPolicy."""
    sources = simulation.of_principal(ctx, request["PolicySourceArn"])
    sources += simulation.given(request.get("PolicyInputList", []))
    return simulation.simulate(ctx, request, sources)
