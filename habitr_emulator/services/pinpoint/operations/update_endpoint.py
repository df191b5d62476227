"""UpdateEndpoint: make an endpoint or change it.

https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-endpoints-endpoint-id.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.pinpoint import apps, endpoints
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="mobiletargeting:UpdateEndpoint", resources=endpoints.arn_of)
async def update_endpoint(request: Input, ctx: Context) -> Output:
    """Merge ``EndpointRequest`` into the endpoint ``EndpointId``; raises NotFoundException for an unknown app."""
    apps.require(ctx, request["ApplicationId"])
    key, change, now = (
        (request["ApplicationId"], request["EndpointId"]),
        request["EndpointRequest"],
        ctx.clock.now(),
    )
    await ctx.store.write(lambda tx: endpoints.put(tx, key, change, now))
    return {"MessageBody": {"Message": "Accepted", "RequestID": ctx.request_id}}
