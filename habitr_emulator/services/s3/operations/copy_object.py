"""CopyObject: an object from another one, without sending it.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
"""

import json
from collections.abc import Mapping
from typing import Any

from habitr_emulator.kernel.store import Row
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, checksums, copying, objects, tagging
from habitr_emulator.services.s3.blobs import Blobs


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
    properties, tags = _properties(request, source), _tags(request, source, ctx)
    algorithm = request.get("ChecksumAlgorithm") or _algorithm_of(source)
    digests = checksums.Digests(checksums.Declared(algorithm))
    files = ctx.account.part(Blobs)
    stream = files.stream([part.blob for part in objects.parts_of(source)], 0, source["size"])
    async with files.receiving(stream, digests) as blob:
        checksum = {"Algorithm": algorithm, "Value": digests.checksum(), "Type": "FULL_OBJECT"}
        new = objects.NewObject(
            bucket=request["Bucket"],
            key=request["Key"],
            etag=digests.etag(),
            parts=[objects.Part(blob)],
            properties=properties,
            tags=tags,
            checksum=checksum if algorithm else None,
        )
        now = await objects.put(ctx, new, request)
    shown = {"ETag": f'"{new.etag}"', "LastModified": now, **objects.shown_checksum(new.checksum)}
    return {"CopyObjectResult": shown, "ServerSideEncryption": "AES256"}


def _algorithm_of(source: Row) -> str:
    return str(json.loads(source["checksum"])["Algorithm"]) if source["checksum"] else ""


def _properties(request: Input, source: Row) -> Mapping[str, Any]:
    asked = objects.properties(request)
    if request.get("MetadataDirective") == "REPLACE":
        return asked
    kept: dict[str, Any] = json.loads(source["properties"])
    kept.pop("StorageClass", None)
    return kept | {name: asked[name] for name in ("StorageClass", "WebsiteRedirectLocation") if name in asked}


def _tags(request: Input, source: Row, ctx: Context) -> dict[str, str]:
    if request.get("TaggingDirective") == "REPLACE":
        tags = tagging.from_header(request.get("Tagging"))
        conditions = authorization.writing_conditions(request, ctx)
    else:
        tags, conditions = json.loads(source["tags"]), {}
    if tags:
        authorization.authorize_object(ctx, "s3:PutObjectTagging", request["Bucket"], request["Key"], conditions)
    return tags
