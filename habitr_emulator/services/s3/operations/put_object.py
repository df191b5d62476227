"""PutObject: store an object.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, checksums, objects, tagging
from habitr_emulator.services.s3.blobs import Blobs


@operation(
    auth=Auth.POLICY,
    action="s3:PutObject",
    resources=authorization.object_arn,
    resource_policy=authorization.bucket_policy,
    conditions=authorization.writing_conditions,
)
async def put_object(request: Input, ctx: Context) -> Output:
    """PutObject."""
    buckets.require(ctx, request)
    objects.check_key(request["Key"])
    tags = tagging.from_header(request.get("Tagging"))
    if tags:
        conditions = authorization.writing_conditions(request, ctx)
        authorization.authorize_object(ctx, "s3:PutObjectTagging", request["Bucket"], request["Key"], conditions)
    properties, said = objects.properties(request), checksums.declared(request, ctx)
    digests = checksums.Digests(said)
    async with ctx.account.part(Blobs).receiving(request.get("Body", b""), digests) as blob:
        checksum = {"Algorithm": said.algorithm, "Value": digests.checksum(), "Type": "FULL_OBJECT"}
        new = objects.NewObject(
            bucket=request["Bucket"],
            key=request["Key"],
            etag=digests.etag(),
            parts=[objects.Part(blob)],
            properties=properties,
            tags=tags,
            checksum=checksum if said.algorithm else None,
        )
        await objects.put(ctx, new, request)
    return {
        "ETag": f'"{new.etag}"',
        "ServerSideEncryption": "AES256",
        **objects.shown_checksum(new.checksum),
    }
