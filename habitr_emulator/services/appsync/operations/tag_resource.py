"""TagResource: add tags to an API.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_TagResource.html
"""

from habitr_emulator.services.appsync.tags import keep, tagged
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:TagResource", resources=lambda request, ctx: request["resourceArn"])
async def tag_resource(request: Input, ctx: Context) -> Output:
    """Nothing; raises NotFoundException."""
    api, tags = tagged(request["resourceArn"], ctx)
    await keep(api, {**tags, **request["tags"]})
    return {}
