"""UntagResource: remove tags from an API.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_UntagResource.html
"""

from habitr_emulator.services.appsync.tags import keep, tagged
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:UntagResource", resources=lambda request, ctx: request["resourceArn"])
async def untag_resource(request: Input, ctx: Context) -> Output:
    """Nothing; raises NotFoundException."""
    api, tags = tagged(request["resourceArn"], ctx)
    await keep(api, {key: value for key, value in tags.items() if key not in request["tagKeys"]})
    return {}
