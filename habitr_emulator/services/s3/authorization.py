"""What S3's operations are authorized on: ARNs, condition keys, and the bucket's policy and ACLs.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from habitr_emulator.kernel.store import Row
from habitr_emulator.services.context import Context
from habitr_emulator.services.s3 import buckets, public_access

Conditions = dict[str, str | Sequence[str]]
_LISTING = {"Prefix": "s3:prefix", "Delimiter": "s3:delimiter", "MaxKeys": "s3:max-keys"}
_WRITING = {
    "ACL": "s3:x-amz-acl",
    "ServerSideEncryption": "s3:x-amz-server-side-encryption",
    "SSEKMSKeyId": "s3:x-amz-server-side-encryption-aws-kms-key-id",
    "SSECustomerAlgorithm": "s3:x-amz-server-side-encryption-customer-algorithm",
    "StorageClass": "s3:x-amz-storage-class",
    "CopySource": "s3:x-amz-copy-source",
    "MetadataDirective": "s3:x-amz-metadata-directive",
    "WebsiteRedirectLocation": "s3:x-amz-website-redirect-location",
    "GrantFullControl": "s3:x-amz-grant-full-control",
    "GrantRead": "s3:x-amz-grant-read",
    "GrantWrite": "s3:x-amz-grant-write",
    "GrantReadACP": "s3:x-amz-grant-read-acp",
    "GrantWriteACP": "s3:x-amz-grant-write-acp",
    "ObjectLockMode": "s3:object-lock-mode",
    "ObjectLockLegalHoldStatus": "s3:object-lock-legal-hold",
    "IfMatch": "s3:if-match",
    "IfNoneMatch": "s3:if-none-match",
}
_KEPT = "SELECT tags, acl FROM s3_versions WHERE bucket = ? AND key = ? {} ORDER BY sequence DESC LIMIT 1"


def versioned(name: str, suffix: str = "Version") -> Callable[[Mapping[str, Any], Context], str]:
    """An action that has another name for a version: ``s3:GetObject``, with VersionId ``s3:GetObjectVersion``.

    ``name`` holds ``{}`` where the word Version comes, if that is not its end.
    """
    plain, of_version = (name.format(""), name.format(suffix)) if "{}" in name else (name, name + suffix)
    return lambda request, ctx: plain if request.get("VersionId") is None else of_version


def bucket_arn(request: Mapping[str, Any], ctx: Context) -> str:
    """Of the request's bucket."""
    return buckets.arn(request["Bucket"])


def object_arn(request: Mapping[str, Any], ctx: Context) -> str:
    """Of the request's object."""
    return f"{buckets.arn(request['Bucket'])}/{request['Key']}"


def bucket_policy(request: Mapping[str, Any], ctx: Context) -> Mapping[str, Any] | None:
    """The policy of the request's bucket, and what its ACL gives."""
    if ctx.caller.root:
        return buckets.setting(ctx.account, request["Bucket"], "policy")
    return public_access.effective_policy(ctx, request["Bucket"])


def object_policy(request: Mapping[str, Any], ctx: Context) -> Mapping[str, Any] | None:
    """The same, and what the ACL of the request's object gives."""
    if ctx.caller.root:
        return buckets.setting(ctx.account, request["Bucket"], "policy")
    row = _kept(request, ctx)
    return public_access.effective_policy(ctx, request["Bucket"], None if row is None else row["acl"])


def _kept(request: Mapping[str, Any], ctx: Context) -> Row | None:
    where: tuple[str, ...] = (request["Bucket"], request["Key"])
    if request.get("VersionId") is None:
        return ctx.store.one(_KEPT.format(""), where)
    return ctx.store.one(_KEPT.format("AND version_id = ?"), (*where, request["VersionId"]))


def bucket_conditions(request: Mapping[str, Any], ctx: Context) -> Conditions:
    """The headers that a bucket or its ACL is written with."""
    return {key: str(request[member]) for member, key in _WRITING.items() if member in request}


def listing_conditions(request: Mapping[str, Any], ctx: Context) -> Conditions:
    """What a listing asks for; a parameter that was not sent has no key."""
    return {key: str(request[member]) for member, key in _LISTING.items() if member in request}


def reading_conditions(request: Mapping[str, Any], ctx: Context) -> Conditions:
    """The tags of the object that is there, and the version that is asked for."""
    row = _kept(request, ctx)
    tags = {} if row is None else json.loads(row["tags"])
    keys: Conditions = {f"s3:ExistingObjectTag/{key}": value for key, value in tags.items()}
    if request.get("VersionId") is not None:
        keys["s3:VersionId"] = request["VersionId"]
    return keys


def acl_conditions(request: Mapping[str, Any], ctx: Context) -> Conditions:
    """Of PutObjectAcl: what is there, and the headers of the new list."""
    return reading_conditions(request, ctx) | bucket_conditions(request, ctx)


def tagging_conditions(request: Mapping[str, Any], ctx: Context) -> Conditions:
    """Of PutObjectTagging: the tags that are there and those that shall be."""
    listed = (request.get("Tagging") or {}).get("TagSet", ())
    return reading_conditions(request, ctx) | _requested({tag["Key"]: tag.get("Value", "") for tag in listed})


def writing_conditions(request: Mapping[str, Any], ctx: Context) -> Conditions:
    """The headers and tags that an object is written with, and the tags of the one that it replaces."""
    keys = bucket_conditions(request, ctx)
    tags = dict(parse_qsl(request.get("Tagging") or "", keep_blank_values=True))
    return {**reading_conditions({**request, "VersionId": None}, ctx), **keys, **_requested(tags)}


def _requested(tags: Mapping[str, str]) -> Conditions:
    keys: Conditions = {f"s3:RequestObjectTag/{key}": value for key, value in tags.items()}
    return {**keys, "s3:RequestObjectTagKeys": list(tags)} if tags else keys


def authorize_object(
    ctx: Context, action: str, named: Mapping[str, Any], conditions: Conditions | None = None
) -> None:
    """Refuse unless the caller may do ``action`` on the object of Bucket, Key and perhaps VersionId, beside what
    the operation itself was authorized for.
    """
    if ctx.caller.kind == "service":
        return
    policy = object_policy(named, ctx)
    if ctx.caller.root and policy is None:
        return
    brought = reading_conditions(named, ctx) if conditions is None else conditions
    ctx.authorize(action, object_arn(named, ctx), brought, policy)


def authorize_listing(ctx: Context, bucket: str, key: str) -> None:
    """Refuse unless the caller may list ``bucket``, and so may know that ``key`` is not there."""
    if ctx.caller.kind == "service":
        return
    # guess: the key stands in for the prefix that such a request does not have
    named = {"Bucket": bucket}
    ctx.authorize("s3:ListBucket", buckets.arn(bucket), {"s3:prefix": key}, bucket_policy(named, ctx))
