"""What S3's operations are authorized on: ARNs, condition keys and the bucket's policy, all from the request.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from habitr_emulator.services.context import Context
from habitr_emulator.services.s3 import buckets

Conditions = dict[str, str | Sequence[str]]
_LISTING = {"Prefix": "s3:prefix", "Delimiter": "s3:delimiter", "MaxKeys": "s3:max-keys"}
_WRITING = {
    "ACL": "s3:x-amz-acl",
    "ServerSideEncryption": "s3:x-amz-server-side-encryption",
    "StorageClass": "s3:x-amz-storage-class",
    "CopySource": "s3:x-amz-copy-source",
    "MetadataDirective": "s3:x-amz-metadata-directive",
}


def bucket_arn(request: Mapping[str, Any], ctx: Context) -> str:
    """Of the request's bucket."""
    return buckets.arn(request["Bucket"])


def object_arn(request: Mapping[str, Any], ctx: Context) -> str:
    """Of the request's object."""
    return f"{buckets.arn(request['Bucket'])}/{request['Key']}"


def bucket_policy(request: Mapping[str, Any], ctx: Context) -> Mapping[str, Any] | None:
    """The policy of the request's bucket."""
    return buckets.setting(ctx.store, request["Bucket"], "policy")


def listing_conditions(request: Mapping[str, Any], ctx: Context) -> Conditions:
    """What a listing asks for; a parameter that was not sent has no key."""
    return {key: str(request[member]) for member, key in _LISTING.items() if member in request}


def reading_conditions(request: Mapping[str, Any], ctx: Context) -> Conditions:
    """The tags of the object that is there."""
    row = ctx.store.one(
        "SELECT tags FROM s3_objects WHERE bucket = ? AND key = ?", (request["Bucket"], request["Key"])
    )
    tags = {} if row is None else json.loads(row["tags"])
    return {f"s3:ExistingObjectTag/{key}": value for key, value in tags.items()}


def writing_conditions(request: Mapping[str, Any], ctx: Context) -> Conditions:
    """The headers and tags that an object is written with."""
    keys: Conditions = {key: str(request[member]) for member, key in _WRITING.items() if member in request}
    tags = dict(parse_qsl(request.get("Tagging") or "", keep_blank_values=True))
    keys |= {f"s3:RequestObjectTag/{key}": value for key, value in tags.items()}
    if tags:
        keys["s3:RequestObjectTagKeys"] = list(tags)
    return keys


def authorize_object(
    ctx: Context, action: str, bucket: str, key: str, conditions: Conditions | None = None
) -> None:
    """Refuse unless the caller may do ``action`` on one more object than the operation's own."""
    named = {"Bucket": bucket, "Key": key}
    brought = reading_conditions(named, ctx) if conditions is None else conditions
    ctx.authorize(action, object_arn(named, ctx), brought, bucket_policy(named, ctx))


def authorize_listing(ctx: Context, bucket: str, key: str) -> None:
    """Refuse unless the caller may list ``bucket``, and so may know that ``key`` is not there."""
    # guess: the key stands in for the prefix that such a request does not have
    named = {"Bucket": bucket}
    ctx.authorize("s3:ListBucket", buckets.arn(bucket), {"s3:prefix": key}, bucket_policy(named, ctx))
