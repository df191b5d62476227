"""GetObject: an object, or a part of it.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import archives, authorization, objects, reading
from habitr_emulator.services.s3.blobs import Blobs


@operation(
    auth=Auth.POLICY,
    action=authorization.versioned("s3:GetObject"),
    resources=authorization.object_arn,
    resource_policy=authorization.object_policy,
    conditions=authorization.reading_conditions,
)
async def get_object(request: Input, ctx: Context) -> Output:
    """GetObject."""
    row = objects.require(ctx, request)
    if reading.unchanged(request, row):
        return reading.not_modified(row, ctx)
    archives.check_readable(ctx, row)
    selection = reading.select(request, row)
    blobs = [part.blob for part in objects.parts_of(row)]
    body = ctx.account.part(Blobs).body(blobs, selection.offset, selection.length)
    return {**reading.answer(request, row, selection, ctx), "Body": body}
