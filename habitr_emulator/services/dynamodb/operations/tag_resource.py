"""TagResource: add or replace tags of a table.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, tags
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="dynamodb:TagResource", resources=access.resource_arn)
async def tag_resource(request: Input, ctx: Context) -> Output:
    """`{}`: the answer is empty."""
    added = tags.of_list(request["Tags"])
    await tags.change(ctx, request["ResourceArn"], lambda old: old | added)
    return {}
