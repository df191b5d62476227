"""DeleteEndpoint: forget an endpoint.

https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-endpoints-endpoint-id.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.pinpoint import apps, endpoints
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="mobiletargeting:DeleteEndpoint", resources=endpoints.arn_of)
async def delete_endpoint(request: Input, ctx: Context) -> Output:
    """Delete it, and say what it was; raises NotFoundException."""
    apps.require(ctx, request["ApplicationId"])
    described = endpoints.described(ctx, request["ApplicationId"], request["EndpointId"])
    await endpoints.delete(ctx, [described])
    return {"EndpointResponse": described}
