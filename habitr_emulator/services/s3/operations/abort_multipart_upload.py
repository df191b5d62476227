"""AbortMultipartUpload: end an upload and forget its parts.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, multipart


@operation(
    auth=Auth.POLICY,
    action="s3:AbortMultipartUpload",
    resources=authorization.object_arn,
    resource_policy=authorization.bucket_policy,
)
async def abort_multipart_upload(request: Input, ctx: Context) -> Output:
    """AbortMultipartUpload."""
    buckets.require(ctx, request)
    await multipart.abort(ctx, request)
    return {}
