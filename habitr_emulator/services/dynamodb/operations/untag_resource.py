"""UntagResource: remove tags of a table.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UntagResource.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.dynamodb import access, tags
from habitr_emulator.services.registry import Auth, Input, Output, operation


@operation(auth=Auth.SIGNED, action="dynamodb:UntagResource", resources=access.resource_arn)
async def untag_resource(request: Input, ctx: Context) -> Output:
    """`{}`: the answer is empty."""
    gone = frozenset(request["TagKeys"])
    await tags.change(ctx, request["ResourceArn"], lambda old: {k: v for k, v in old.items() if k not in gone})
    return {}
