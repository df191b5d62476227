"""UploadPartCopy: one part of an upload, from an object that is there.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, checksums, copying, multipart, objects
from habitr_emulator.services.s3.blobs import Blobs


@operation(
    auth=Auth.POLICY,
    action="s3:PutObject",
    resources=authorization.object_arn,
    resource_policy=authorization.bucket_policy,
)
async def upload_part_copy(request: Input, ctx: Context) -> Output:
    """UploadPartCopy."""
    buckets.require(ctx, request)
    multipart.require(ctx, request)
    source = copying.require_source(ctx, request)
    selection = copying.selection(request, source)
    blobs = [part.blob for part in objects.parts_of(source)]
    stream = ctx.account.part(Blobs).stream(blobs, selection.offset, selection.length)
    part = await multipart.put_part(ctx, request, stream, checksums.Declared())
    shown = {"ETag": part["ETag"], "LastModified": part["LastModified"], **part["Checksum"]}
    return {"CopyPartResult": shown, **copying.source_members(ctx, source), **part["Encryption"]}
