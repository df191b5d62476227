"""GetLogDeliveryConfiguration: where a pool would deliver its logs.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetLogDeliveryConfiguration.html
"""

from habitr_emulator.services.cognito_idp import documents, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:GetLogDeliveryConfiguration", resources=pools.resource)
async def get_log_delivery_configuration(request: Input, ctx: Context) -> Output:
    """The configuration. Raises ResourceNotFoundException."""
    pool = pools.require(ctx, request["UserPoolId"])
    found = documents.find(ctx.store, pool.id, "logs", "")
    content = found.content if found else {"LogConfigurations": []}
    return {"LogDeliveryConfiguration": {"UserPoolId": pool.id, **content}}
