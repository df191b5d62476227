"""GetUserEndpoints: the endpoints of a user.

https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-users-user-id.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.pinpoint import apps, endpoints
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="mobiletargeting:GetUserEndpoints", resources=endpoints.user_arn_of)
async def get_user_endpoints(request: Input, ctx: Context) -> Output:
    """Every endpoint whose ``User.UserId`` it is; raises NotFoundException."""
    apps.require(ctx, request["ApplicationId"])
    return {"EndpointsResponse": {"Item": endpoints.of_user(ctx, request["ApplicationId"], request["UserId"])}}
