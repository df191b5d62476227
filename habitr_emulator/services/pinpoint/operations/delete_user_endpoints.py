"""DeleteUserEndpoints: forget the endpoints of a user.

https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id-users-user-id.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.pinpoint import apps, endpoints
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="mobiletargeting:DeleteUserEndpoints", resources=endpoints.user_arn_of)
async def delete_user_endpoints(request: Input, ctx: Context) -> Output:
    """Delete them, and say what they were; raises NotFoundException."""
    apps.require(ctx, request["ApplicationId"])
    found = endpoints.of_user(ctx, request["ApplicationId"], request["UserId"])
    await endpoints.delete(ctx, found)
    return {"EndpointsResponse": {"Item": found}}
