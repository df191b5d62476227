"""HeadObject: what GetObject would answer, without the body.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, objects, reading


@operation(
    auth=Auth.POLICY,
    action=authorization.versioned("s3:GetObject"),
    resources=authorization.object_arn,
    resource_policy=authorization.object_policy,
    conditions=authorization.reading_conditions,
)
async def head_object(request: Input, ctx: Context) -> Output:
    """HeadObject."""
    row = objects.require(ctx, request)
    if reading.unchanged(request, row):
        return reading.not_modified(row, ctx)
    return reading.answer(request, row, reading.select(request, row), ctx)
