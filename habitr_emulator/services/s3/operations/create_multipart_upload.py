"""CreateMultipartUpload: begin an upload in parts.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html
"""

import json

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import (
    attributes,
    authorization,
    buckets,
    checksums,
    encryption,
    lifecycle,
    multipart,
    objects,
)
from habitr_emulator.services.s3.errors import InvalidRequest


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
    kept = attributes.of_request(ctx, request)
    algorithm = request.get("ChecksumAlgorithm")
    kind = request.get("ChecksumType") or (checksums.default_type(algorithm) if algorithm else None)
    if kind and not algorithm:
        raise InvalidRequest(
            "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header."
        )
    if algorithm and kind:
        checksums.hasher(algorithm)
        checksums.check_type(algorithm, kind)
    upload_id = ctx.ids.base62(64)
    row = (
        *(upload_id, request["Bucket"], request["Key"], ctx.clock.now(), json.dumps(multipart.initiator(ctx))),
        *(*kept.columns(), algorithm, kind),
    )
    await ctx.store.write(lambda tx: multipart.begin(tx, row))
    answer = {"Bucket": request["Bucket"], "Key": request["Key"], "UploadId": upload_id}
    if algorithm:
        answer |= {"ChecksumAlgorithm": algorithm, "ChecksumType": kind}
    return {**answer, **encryption.shown(kept.properties), **lifecycle.abort_members(ctx, request)}
