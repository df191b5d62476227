"""ListTagsOfResource: the tags of a table, all in one page.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, tags
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="dynamodb:ListTagsOfResource", resources=access.resource_arn)
async def list_tags_of_resource(request: Input, ctx: Context) -> Output:
    """``{"Tags": [{"Key", "Value"}]}``."""
    found = tags.read(ctx, request["ResourceArn"])
    return {"Tags": [{"Key": key, "Value": value} for key, value in found.items()]}
