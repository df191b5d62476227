"""CompleteMultipartUpload: make the object of an upload's parts visible.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
"""

import json
from urllib.parse import quote

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import (
    authorization,
    buckets,
    encryption,
    lifecycle,
    multipart,
    notifications,
    objects,
)


@operation(
    auth=Auth.POLICY,
    action="s3:PutObject",
    resources=authorization.object_arn,
    resource_policy=authorization.bucket_policy,
)
async def complete_multipart_upload(request: Input, ctx: Context) -> Output:
    """CompleteMultipartUpload."""
    buckets.require(ctx, request)
    done = objects.latest(ctx.store, request["Bucket"], request["Key"])
    if done is not None and done["upload_id"] == request["UploadId"]:
        etag, shown = done["etag"], objects.checksum_members(done)
        more = objects.version_members(ctx, done) | encryption.shown(json.loads(done["properties"]))
    else:
        new, written = await multipart.complete(ctx, request)
        notifications.tell_of_new(ctx, "ObjectCreated:CompleteMultipartUpload", new, written)
        etag, shown = new.etag, objects.shown_checksum(new.checksum)
        more = written.members | encryption.shown(new.attributes.properties)
        more |= lifecycle.expiration_of(ctx, new, written.modified_at)
    return {
        "Location": f"{ctx.account.endpoint}/{request['Bucket']}/{quote(request['Key'])}",
        "Bucket": request["Bucket"],
        "Key": request["Key"],
        "ETag": f'"{etag}"',
        **more,
        **shown,
    }
