"""UntagResource: remove tags of a function.

https://docs.aws.amazon.com/lambda/latest/api/API_UntagResource.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import tags
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:UntagResource", resources=tags.arn_of)
async def untag_resource(request: Input, ctx: Context) -> Output:
    """Remove the tags ``TagKeys``."""
    await tags.change(ctx, request["Resource"], {}, request["TagKeys"])
    return {}
