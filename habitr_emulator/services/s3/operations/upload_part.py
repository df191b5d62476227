"""UploadPart: one part of an upload.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, checksums, multipart


@operation(
    auth=Auth.POLICY,
    action="s3:PutObject",
    resources=authorization.object_arn,
    resource_policy=authorization.bucket_policy,
)
async def upload_part(request: Input, ctx: Context) -> Output:
    """UploadPart."""
    buckets.require(ctx, request)
    said = checksums.declared(request, ctx)
    part = await multipart.put_part(ctx, request, request.get("Body", b""), said)
    return {"ETag": part["ETag"], **part["Encryption"], **part["Checksum"]}
