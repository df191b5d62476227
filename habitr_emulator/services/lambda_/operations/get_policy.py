"""GetPolicy: the resource policy of a function.

https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html
"""

import json

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import functions, permissions, versions
from habitr_emulator.services.lambda_.errors import ResourceNotFoundException
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:GetPolicy", resources=functions.arn_of)
async def get_policy(request: Input, ctx: Context) -> Output:
    """The policy document as JSON text; raises ResourceNotFoundException if there is none."""
    function = versions.resolve(ctx.account, request["FunctionName"], request.get("Qualifier"))
    policy = permissions.policy(ctx.account, function.name, permissions.qualifier_of(request))
    if policy is None:
        raise ResourceNotFoundException("The resource you requested does not exist.")
    return {"Policy": json.dumps(policy, separators=(",", ":")), "RevisionId": function.revision}
