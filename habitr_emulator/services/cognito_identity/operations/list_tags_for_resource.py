"""ListTagsForResource: the tags of an identity pool.

https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_ListTagsForResource.html
"""

from habitr_emulator.services.cognito_identity import pools
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-identity:ListTagsForResource", resources=pools.named_resource)
async def list_tags_for_resource(request: Input, ctx: Context) -> Output:
    """The tags. Raises ResourceNotFoundException, InvalidParameterException."""
    pool = pools.of_arn(ctx, request["ResourceArn"])
    return {"Tags": dict(pool.settings.get("IdentityPoolTags") or {})}
