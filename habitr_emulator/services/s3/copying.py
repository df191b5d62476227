"""Copies: the source of CopyObject and UploadPartCopy.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from habitr_emulator.kernel.store import Row
from habitr_emulator.services.context import Context
from habitr_emulator.services.s3 import authorization, objects
from habitr_emulator.services.s3.errors import InvalidArgument, InvalidRequest, PreconditionFailed
from habitr_emulator.services.s3.objects import same_etag
from habitr_emulator.services.s3.reading import Selection

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
    authorization.authorize_object(ctx, "s3:GetObject", source["Bucket"], source["Key"])
    row = objects.require(ctx, source)
    _check_conditions(request, row)
    return row


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
    changes = ("StorageClass", "WebsiteRedirectLocation", "ServerSideEncryption")
    replaces = "REPLACE" in (request.get("MetadataDirective"), request.get("TaggingDirective"))
    if same and not replaces and not any(request.get(name) for name in changes):
        raise InvalidRequest(_ITSELF)


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
