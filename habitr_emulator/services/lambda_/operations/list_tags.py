"""ListTags: the tags of a function.

https://docs.aws.amazon.com/lambda/latest/api/API_ListTags.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.lambda_ import functions, tags
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="lambda:ListTags", resources=tags.arn_of)
async def list_tags(request: Input, ctx: Context) -> Output:
    """Every tag; raises ResourceNotFoundException."""
    function = functions.require(ctx.account, request["Resource"])
    return {"Tags": tags.of(ctx.account, function.name)}
