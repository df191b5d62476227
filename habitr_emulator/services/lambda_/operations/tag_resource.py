"""TagResource: add tags to a function.

https://docs.aws.amazon.com/lambda/latest/api/API_TagResource.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import tags
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:TagResource", resources=tags.arn_of)
async def tag_resource(request: Input, ctx: Context) -> Output:
    """Add or replace ``Tags``."""
    await tags.change(ctx, request["Resource"], request["Tags"])
    return {}
