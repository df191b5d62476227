"""GetEndpoint: what is known of an endpoint.

https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-endpoints-endpoint-id.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.pinpoint import apps, endpoints
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="mobiletargeting:GetEndpoint", resources=endpoints.arn_of)
async def get_endpoint(request: Input, ctx: Context) -> Output:
    """Describe the endpoint ``EndpointId``; raises NotFoundException."""
    apps.require(ctx, request["ApplicationId"])
    return {"EndpointResponse": endpoints.described(ctx, request["ApplicationId"], request["EndpointId"])}
