"""ListTagsForResource: the tags of a user pool.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListTagsForResource.html
"""

from habitr_emulator.services.cognito_idp import tags
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:ListTagsForResource", resources=lambda request, _: request["ResourceArn"])
async def list_tags_for_resource(request: Input, ctx: Context) -> Output:
    """The tags. Raises ResourceNotFoundException."""
    return {"Tags": tags.of(tags.pool(ctx, request["ResourceArn"]))}
