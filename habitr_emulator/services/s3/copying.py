"""Copies: the source of CopyObject and UploadPartCopy.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from habitr_emulator.kernel.store import Row
from habitr_emulator.services.context import Context
from habitr_emulator.services.s3 import archives, attributes, authorization, encryption, objects
from habitr_emulator.services.s3.attributes import Attributes
from habitr_emulator.services.s3.blobs import MOST
from habitr_emulator.services.s3.errors import (
    InvalidArgument,
    InvalidRequest,
    MethodNotAllowed,
    PreconditionFailed,
)
from habitr_emulator.services.s3.reading import Selection
from habitr_emulator.services.s3.writing import same_etag

_RANGE = re.compile(r"bytes=(\d{1,19})-(\d{1,19})")
_ITSELF = (
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's "
    "metadata, storage class, website redirect location or encryption attributes."
)


def source_of(request: Mapping[str, Any]) -> dict[str, str]:
    """Bucket, Key and perhaps VersionId of ``x-amz-copy-source``; raises InvalidArgument."""
    header: str = request["CopySource"]
    path, _, query = header.partition("?versionId=")
    bucket, _, key = unquote(path).removeprefix("/").partition("/")
    if not bucket or not key:
        raise InvalidArgument(
            "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
            ArgumentName="x-amz-copy-source",
            ArgumentValue=header,
        )
    return {"Bucket": bucket, "Key": key, **({"VersionId": unquote(query)} if query else {})}


def require_source(ctx: Context, request: Mapping[str, Any]) -> Row:
    """The object to copy, which the caller must be allowed to read; raises what reading it raises, and
    PreconditionFailed.
    """
    source = source_of(request)
    action = "s3:GetObjectVersion" if "VersionId" in source else "s3:GetObject"
    authorization.authorize_object(ctx, action, source)
    try:
        row = objects.require(ctx, {**source, **_expected_owner(request)})
    except MethodNotAllowed:
        raise InvalidRequest(
            "The source of a copy request may not specifically refer to a delete marker by version id."
        ) from None
    encryption.check_reader(row["customer_key"], request, "CopySourceSSECustomer")
    archives.check_readable(ctx, row)
    _check_conditions(request, row)
    return row


def _expected_owner(request: Mapping[str, Any]) -> dict[str, str]:
    owner = request.get("ExpectedSourceBucketOwner")
    return {} if owner is None else {"ExpectedBucketOwner": owner}


def source_members(ctx: Context, source: Row) -> dict[str, str]:
    """``CopySourceVersionId``, if the source has versions."""
    shown = objects.version_members(ctx, source)
    return {"CopySourceVersionId": shown["VersionId"]} if shown else {}


def _check_conditions(request: Mapping[str, Any], row: Row) -> None:
    etag, modified = row["etag"], int(row["modified_at"])
    match, none_match = request.get("CopySourceIfMatch"), request.get("CopySourceIfNoneMatch")
    since, until = request.get("CopySourceIfModifiedSince"), request.get("CopySourceIfUnmodifiedSince")
    failed = ""
    if match is not None:
        failed = "" if same_etag(match, etag) else "x-amz-copy-source-If-Match"
    elif until is not None and modified > until:
        failed = "x-amz-copy-source-If-Unmodified-Since"
    if none_match is not None:
        failed = "x-amz-copy-source-If-None-Match" if same_etag(none_match, etag) else failed
    elif since is not None and modified <= since:
        failed = "x-amz-copy-source-If-Modified-Since"
    if failed:
        raise PreconditionFailed(Condition=failed)


def refuse_copy_onto_itself(request: Mapping[str, Any], source: Mapping[str, str]) -> None:
    """Raise InvalidRequest for a copy that would change nothing."""
    same = (source["Bucket"], source["Key"]) == (request["Bucket"], request["Key"])
    changes = ("StorageClass", "WebsiteRedirectLocation", "ServerSideEncryption", "SSECustomerAlgorithm")
    same = same and "VersionId" not in source
    replaces = "REPLACE" in (request.get("MetadataDirective"), request.get("TaggingDirective"))
    if same and not replaces and not any(request.get(name) for name in changes):
        raise InvalidRequest(_ITSELF)


def check_size(source: Row) -> None:
    """Raise InvalidRequest for an object that must be copied part by part."""
    if source["size"] > MOST:
        text = "The specified copy source is larger than the maximum allowable size for a copy source"
        raise InvalidRequest(f"{text}: {MOST}")


def selection(request: Mapping[str, Any], row: Row) -> Selection:
    """The bytes of the source that a part takes; raises InvalidArgument."""
    asked, size = request.get("CopySourceRange"), row["size"]
    if not asked:
        return Selection(0, size)
    found = _RANGE.fullmatch(asked)
    if found is None or int(found[1]) > int(found[2]):
        raise InvalidArgument(
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the "
            "zero-based offsets of the first and last bytes to copy",
            ArgumentName="x-amz-copy-source-range",
            ArgumentValue=asked,
        )
    first, last = int(found[1]), int(found[2])
    if last >= size:
        raise InvalidArgument(f"Range specified is not valid for source object of size: {size}")
    return Selection(first, last - first + 1)


def attributes_of(ctx: Context, request: Mapping[str, Any], source: Row) -> Attributes:
    """What is kept with the copy: of the source or of the request, as the directives say; ACL, lock, encryption
    and storage class are always the request's.
    """
    asked, kept = attributes.of_request(ctx, {**request, "Tagging": _tagging(request)}), attributes.of_row(source)
    properties = dict(asked.properties)
    if request.get("MetadataDirective") != "REPLACE":
        own = ("StorageClass", "RestoreExpiry", "WebsiteRedirectLocation", *encryption.MEMBERS)
        properties = {name: value for name, value in kept.properties.items() if name not in own}
        properties |= {name: asked.properties[name] for name in own if name in asked.properties}
    tags = asked.tags
    if request.get("TaggingDirective") != "REPLACE":
        tags = kept.tags
        if tags:
            conditions = authorization.writing_conditions(request, ctx)
            authorization.authorize_object(ctx, "s3:PutObjectTagging", request, conditions)
    return replace(asked, properties=properties, tags=tags)


def _tagging(request: Mapping[str, Any]) -> str | None:
    return request.get("Tagging") if request.get("TaggingDirective") == "REPLACE" else None


def algorithm_of(request: Mapping[str, Any], source: Row) -> str:
    """The copy's checksum algorithm: the one that is asked for, else the source's; "" for S3's default."""
    if request.get("ChecksumAlgorithm"):
        return str(request["ChecksumAlgorithm"])
    return str(json.loads(source["checksum"])["Algorithm"]) if source["checksum"] else ""
