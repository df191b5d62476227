"""SetLogDeliveryConfiguration: where a pool would deliver its logs.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetLogDeliveryConfiguration.html
"""

from habitr_emulator.services.cognito_idp import documents, pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:SetLogDeliveryConfiguration", resources=pools.resource)
async def set_log_delivery_configuration(request: Input, ctx: Context) -> Output:
    """Keep the configuration. Nothing is delivered: there is no CloudWatch or Firehose here.

    Raises ResourceNotFoundException.
    """
    pool = pools.require(ctx, request["UserPoolId"])
    document = documents.made(ctx, "logs", "", {"LogConfigurations": request["LogConfigurations"]})
    await ctx.store.write(lambda tx: documents.save(tx, pool.id, document))
    return {"LogDeliveryConfiguration": {"UserPoolId": pool.id, **document.content}}
