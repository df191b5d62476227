"""GetApp: an application's name and ARN.

https://docs.aws.amazon.com/pinpoint/latest/apireference/apps-application-id.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.pinpoint import apps
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="mobiletargeting:GetApp", resources=apps.arn_of)
async def get_app(request: Input, ctx: Context) -> Output:
    """Describe the application; raises NotFoundException."""
    return {"ApplicationResponse": apps.described(ctx.account, apps.require(ctx, request["ApplicationId"]))}
