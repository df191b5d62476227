"""ListTagsForResource: an API's tags.

https://docs.aws.amazon.com/appsync/latest/APIReference/API_ListTagsForResource.html
"""

from habitr_emulator.services.appsync.tags import tagged
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="appsync:ListTagsForResource", resources=lambda request, ctx: request["resourceArn"])
async def list_tags_for_resource(request: Input, ctx: Context) -> Output:
    """The tags; raises NotFoundException."""
    return {"tags": tagged(request["resourceArn"], ctx)[1]}
