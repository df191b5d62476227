"""UpdateEndpointsBatch: make or change up to 100 endpoints.

https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-endpoints.html
"""

from habitr_emulator.kernel.store import Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.pinpoint import apps, endpoints
from habitr_emulator.services.pinpoint.errors import BadRequestException
from habitr_emulator.services.registry import Auth, Input, Output, operation

#: https://docs.aws.amazon.com/pinpoint/latest/developerguide/quotas.html
MAXIMUM_ENDPOINTS = 100


@operation(auth=Auth.SIGNED, action="mobiletargeting:UpdateEndpointsBatch", resources=apps.arn_of)
async def update_endpoints_batch(request: Input, ctx: Context) -> Output:
    """Merge each ``Item`` into its endpoint; raises NotFoundException, BadRequestException."""
    application_id = apps.require(ctx, request["ApplicationId"])["application_id"]
    items, now = request["EndpointBatchRequest"]["Item"], ctx.clock.now()
    if len(items) > MAXIMUM_ENDPOINTS:
        raise BadRequestException(
            f"A request takes at most {MAXIMUM_ENDPOINTS} endpoints.", RequestID=ctx.request_id
        )
    if any(not item.get("Id") for item in items):
        raise BadRequestException("Every endpoint needs an Id.", RequestID=ctx.request_id)  # guess: wording

    def put(tx: Transaction) -> None:
        for item in items:
            change = {name: value for name, value in item.items() if name != "Id"}
            endpoints.put(tx, (application_id, item["Id"]), change, now)

    await ctx.store.write(put)
    return {"MessageBody": {"Message": "Accepted", "RequestID": ctx.request_id}}
