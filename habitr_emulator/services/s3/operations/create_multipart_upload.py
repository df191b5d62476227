"""CreateMultipartUpload: begin an upload in parts.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
"""

import json

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, checksums, multipart, objects, tagging


@operation(
    auth=Auth.POLICY,
    action="s3:PutObject",
    resources=authorization.object_arn,
    resource_policy=authorization.bucket_policy,
    conditions=authorization.writing_conditions,
)
async def create_multipart_upload(request: Input, ctx: Context) -> Output:
    """CreateMultipartUpload."""
    buckets.require(ctx, request)
    objects.check_key(request["Key"])
    tags = tagging.from_header(request.get("Tagging"))
    if tags:
        conditions = authorization.writing_conditions(request, ctx)
        authorization.authorize_object(ctx, "s3:PutObjectTagging", request["Bucket"], request["Key"], conditions)
    algorithm = request.get("ChecksumAlgorithm")
    kind = request.get("ChecksumType") or (checksums.default_type(algorithm) if algorithm else None)
    if algorithm and kind:
        checksums.hasher(algorithm)
        checksums.check_type(algorithm, kind)
    upload_id = ctx.ids.base62(64)
    row = (
        *(upload_id, request["Bucket"], request["Key"], ctx.clock.now(), json.dumps(multipart.initiator(ctx))),
        *(json.dumps(objects.properties(request)), json.dumps(tags), algorithm, kind),
    )
    await ctx.store.write(lambda tx: tx.execute("INSERT INTO s3_uploads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row))
    answer = {"Bucket": request["Bucket"], "Key": request["Key"], "UploadId": upload_id}
    if algorithm:
        answer |= {"ChecksumAlgorithm": algorithm, "ChecksumType": kind}
    return {**answer, "ServerSideEncryption": "AES256"}
