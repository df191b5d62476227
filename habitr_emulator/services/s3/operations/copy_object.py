"""CopyObject: an object from another one, without sending it.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import (
    authorization,
    buckets,
    checksums,
    copying,
    encryption,
    lifecycle,
    notifications,
    objects,
)
from habitr_emulator.services.s3.blobs import Blobs
from habitr_emulator.services.s3.writing import put


@operation(
    auth=Auth.POLICY,
    action="s3:PutObject",
    resources=authorization.object_arn,
    resource_policy=authorization.bucket_policy,
    conditions=authorization.writing_conditions,
)
async def copy_object(request: Input, ctx: Context) -> Output:
    """CopyObject."""
    buckets.require(ctx, request)
    objects.check_key(request["Key"])
    copying.refuse_copy_onto_itself(request, copying.source_of(request))
    source = copying.require_source(ctx, request)
    copying.check_size(source)
    kept = copying.attributes_of(ctx, request, source)
    digests = checksums.Digests(checksums.Declared(copying.algorithm_of(request, source)))
    files = ctx.account.part(Blobs)
    stream = files.stream([part.blob for part in objects.parts_of(source)], 0, source["size"])
    async with files.receiving(stream, digests) as blob:
        new = objects.NewObject(
            bucket=request["Bucket"],
            key=request["Key"],
            etag=digests.etag(),
            parts=[objects.Part(blob)],
            attributes=kept,
            checksum=digests.kept(),
        )
        written = await put(ctx, new, request)
    notifications.tell_of_new(ctx, "ObjectCreated:Copy", new, written)
    shown = {"ETag": f'"{new.etag}"', "LastModified": written.modified_at, **objects.shown_checksum(new.checksum)}
    return {
        "CopyObjectResult": shown,
        **copying.source_members(ctx, source),
        **written.members,
        **encryption.shown(kept.properties),
        **lifecycle.expiration_of(ctx, new, written.modified_at),
    }
