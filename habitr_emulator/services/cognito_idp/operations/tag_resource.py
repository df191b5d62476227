"""TagResource: add tags to a user pool, or change them.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_TagResource.html
"""

from habitr_emulator.services.cognito_idp import tags
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:TagResource", resources=lambda request, _: request["ResourceArn"])
async def tag_resource(request: Input, ctx: Context) -> Output:
    """Add the tags. Raises ResourceNotFoundException, InvalidParameterException."""
    pool = tags.pool(ctx, request["ResourceArn"])
    await tags.change(ctx, pool, lambda kept: {**kept, **request["Tags"]})
    return {}
