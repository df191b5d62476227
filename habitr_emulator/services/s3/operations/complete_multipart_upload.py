"""CompleteMultipartUpload: make the object of an upload's parts visible.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
"""

from urllib.parse import quote

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, multipart, objects


@operation(
    auth=Auth.POLICY,
    action="s3:PutObject",
    resources=authorization.object_arn,
    resource_policy=authorization.bucket_policy,
)
async def complete_multipart_upload(request: Input, ctx: Context) -> Output:
    """CompleteMultipartUpload."""
    buckets.require(ctx, request)
    done = objects.find(ctx, request["Bucket"], request["Key"])
    if done is not None and done["upload_id"] == request["UploadId"]:
        etag, checksum = done["etag"], objects.checksum_members(done)
    else:
        new = await multipart.complete(ctx, request)
        etag, checksum = new.etag, objects.shown_checksum(new.checksum)
    return {
        "Location": f"{ctx.account.endpoint}/{request['Bucket']}/{quote(request['Key'])}",
        "Bucket": request["Bucket"],
        "Key": request["Key"],
        "ETag": f'"{etag}"',
        "ServerSideEncryption": "AES256",
        **checksum,
    }
