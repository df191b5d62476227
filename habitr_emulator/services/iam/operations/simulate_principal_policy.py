"""SimulatePrincipalPolicy: what the policies of a role or user, and the given ones, would decide.

https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.iam import simulation
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="iam:SimulatePrincipalPolicy")
async def simulate_principal_policy(request: Input, ctx: Context) -> Output:
    """SimulatePrincipalPolicy."""
    documents = simulation.of_principal(ctx, request["PolicySourceArn"])
    documents += simulation.documents(request.get("PolicyInputList", []))
    return simulation.simulate(ctx, request, documents)
