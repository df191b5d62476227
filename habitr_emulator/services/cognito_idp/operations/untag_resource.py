"""UntagResource: remove tags from a user pool.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UntagResource.html
"""

from habitr_emulator.services.cognito_idp import tags
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Input, Output, operation


@operation(action="cognito-idp:UntagResource", resources=lambda request, _: request["ResourceArn"])
async def untag_resource(request: Input, ctx: Context) -> Output:
    """Remove the tags; those that are not there are fine. Raises ResourceNotFoundException."""
    pool, gone = tags.pool(ctx, request["ResourceArn"]), set(request["TagKeys"])
    await tags.change(ctx, pool, lambda kept: {key: value for key, value in kept.items() if key not in gone})
    return {}
