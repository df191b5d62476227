"""Objects: the rows of their versions, and what a request means by a key and a version id.

``properties`` holds the headers and metadata under AWS's member names, so that they are the output as they are;
``parts`` lists the bodies in order.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from habitr_emulator.kernel.store import Row, Store, Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.s3 import authorization, buckets
from habitr_emulator.services.s3.attributes import Attributes
from habitr_emulator.services.s3.blobs import Blob
from habitr_emulator.services.s3.errors import (
    InvalidArgument,
    InvalidURI,
    KeyTooLongError,
    MethodNotAllowed,
    NoSuchKey,
    NoSuchVersion,
)

KEY_BYTES = 1024
#: The version id of what was written while the bucket was not versioned.
NULL = "null"
_VERSION_ID = re.compile(r"[0-9A-Za-z._-]{32}")
_LATEST = "SELECT * FROM s3_versions WHERE bucket = ? AND key = ? ORDER BY sequence DESC LIMIT 1"
_VERSION = "SELECT * FROM s3_versions WHERE bucket = ? AND key = ? AND version_id = ?"


@dataclass(frozen=True, slots=True)
class Part:
    """One of an object's bodies; ``number`` is 0 unless a multipart upload made it."""

    blob: Blob
    number: int = 0
    checksum: str = ""


@dataclass(frozen=True, slots=True)
class NewObject:
    """An object to be written. ``checksum`` has Algorithm, Value and Type; ``etag`` has no quotes."""

    bucket: str
    key: str
    etag: str
    parts: Sequence[Part]
    attributes: Attributes
    checksum: Mapping[str, str] | None = None
    upload_id: str | None = None

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(part.blob.size for part in self.parts)


def check_key(key: str) -> None:
    """Raise KeyTooLongError, or InvalidURI for what is no text."""
    try:
        size = len(key.encode())
    except UnicodeEncodeError:
        raise InvalidURI from None
    if "\0" in key:
        raise InvalidURI
    if size > KEY_BYTES:
        raise KeyTooLongError(Size=size, MaxSizeAllowed=KEY_BYTES)


def latest(source: Store | Transaction, bucket: str, key: str) -> Row | None:
    """The current version of a key, which may be a delete marker."""
    return source.one(_LATEST, (bucket, key))


def version(source: Store | Transaction, bucket: str, key: str, version_id: str) -> Row | None:
    """A key's version by its id."""
    return source.one(_VERSION, (bucket, key, version_id))


def check_version_id(version_id: str) -> None:
    """Raise InvalidArgument for what cannot be a version id."""
    if version_id != NULL and not _VERSION_ID.fullmatch(version_id):
        text = "Invalid version id specified" if version_id else "Version id cannot be the empty string"
        raise InvalidArgument(text, ArgumentName="versionId", ArgumentValue=version_id)


def require(ctx: Context, request: Mapping[str, Any]) -> Row:
    """The object that a request names, with its VersionId or the current one.

    Raises NoSuchBucket, NoSuchVersion, NoSuchKey, and MethodNotAllowed for a delete marker named by its id. Who
    may not list the bucket is not told what is missing: that is AccessDenied.
    """
    buckets.require(ctx, request)
    version_id = request.get("VersionId")
    if version_id is not None:
        return _require_version(ctx, request, version_id)
    row = latest(ctx.store, request["Bucket"], request["Key"])
    if row is None or row["delete_marker"]:
        authorization.authorize_listing(ctx, request["Bucket"], request["Key"])
        if row is not None:
            _tell_of_marker(ctx, row)
        raise NoSuchKey(Key=request["Key"])
    return row


def _require_version(ctx: Context, request: Mapping[str, Any], version_id: str) -> Row:
    check_version_id(version_id)
    row = version(ctx.store, request["Bucket"], request["Key"], version_id)
    if row is None:
        authorization.authorize_listing(ctx, request["Bucket"], request["Key"])
        raise NoSuchVersion(Key=request["Key"], VersionId=version_id)
    if row["delete_marker"]:
        _tell_of_marker(ctx, row)
        ctx.response_headers["Allow"] = "DELETE"
        raise MethodNotAllowed(Method="GET", ResourceType="DeleteMarker")
    return row


def _tell_of_marker(ctx: Context, row: Row) -> None:
    ctx.response_headers |= {"x-amz-delete-marker": "true", "x-amz-version-id": row["version_id"]}


def version_members(ctx: Context, row: Row) -> dict[str, str]:
    """``VersionId``, if the bucket is or was versioned."""
    if row["version_id"] == NULL and not buckets.versioning(ctx.account, row["bucket"]):
        return {}
    return {"VersionId": row["version_id"]}


def parts_of(row: Row) -> list[Part]:
    """An object's bodies, in order."""
    return [
        Part(Blob(blob_id, size), number, checksum) for blob_id, size, number, checksum in json.loads(row["parts"])
    ]


def checksum_members(row: Row) -> dict[str, str]:
    """``ChecksumCRC32`` (or another) and ``ChecksumType`` of an object, as outputs have them."""
    return shown_checksum(json.loads(row["checksum"]) if row["checksum"] else None)


def shown_checksum(checksum: Mapping[str, str] | None) -> dict[str, str]:
    """A checksum as outputs have it."""
    if not checksum:
        return {}
    return {f"Checksum{checksum['Algorithm']}": checksum["Value"], "ChecksumType": checksum["Type"]}
