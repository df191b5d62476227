"""Objects: their rows, what a request stores with them, and writing and removing them.

``properties`` holds the headers and metadata under AWS's member names, so that they are the output as they are;
``parts`` lists the bodies in order.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.s3 import authorization, blobs, buckets
from habitr_emulator.services.s3.blobs import Blob, Blobs
from habitr_emulator.services.s3.errors import (
    AccessControlListNotSupported,
    InvalidURI,
    KeyTooLongError,
    MetadataTooLarge,
    NoSuchKey,
    NoSuchVersion,
    NotImplementedByS3,
    PreconditionFailed,
)

KEY_BYTES = 1024
METADATA_BYTES = 2048
DEFAULT_TYPE = "binary/octet-stream"
_PROPERTIES = (
    "CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "Expires",
    "WebsiteRedirectLocation",
)  # fmt: skip
_NOT_BUILT = (
    "SSECustomerAlgorithm", "SSEKMSKeyId", "ObjectLockMode", "ObjectLockRetainUntilDate",
    "ObjectLockLegalHoldStatus", "WriteOffsetBytes",
)  # fmt: skip
_GRANTS = ("GrantFullControl", "GrantRead", "GrantReadACP", "GrantWriteACP")
_INSERT = """
INSERT OR REPLACE INTO s3_objects
  (bucket, key, size, etag, modified_at, properties, tags, checksum, parts, upload_id)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


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
    properties: Mapping[str, Any]
    tags: Mapping[str, str]
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


def properties(request: Mapping[str, Any]) -> dict[str, Any]:
    """What a request wants kept with an object; raises what the request may not ask for."""
    _refuse_unsupported(request)
    metadata = {name.lower(): value for name, value in (request.get("Metadata") or {}).items()}
    size = sum(
        len(name.encode()) + len(value.encode("utf-8", "surrogateescape")) for name, value in metadata.items()
    )
    if size > METADATA_BYTES:
        raise MetadataTooLarge(Size=size, MaxSizeAllowed=METADATA_BYTES)
    kept = {name: request[name] for name in _PROPERTIES if request.get(name)}
    if "ContentEncoding" in kept:
        codings = [coding.strip() for coding in kept["ContentEncoding"].split(",")]
        kept["ContentEncoding"] = ",".join(coding for coding in codings if coding and coding != "aws-chunked")
        if not kept["ContentEncoding"]:
            del kept["ContentEncoding"]
    if request.get("StorageClass", "STANDARD") != "STANDARD":
        kept["StorageClass"] = request["StorageClass"]
    return {"ContentType": request.get("ContentType") or DEFAULT_TYPE, "Metadata": metadata, **kept}


def _refuse_unsupported(request: Mapping[str, Any]) -> None:
    if request.get("ACL", "bucket-owner-full-control") != "bucket-owner-full-control" or any(
        request.get(grant) for grant in _GRANTS
    ):
        raise AccessControlListNotSupported
    for name in _NOT_BUILT:
        if request.get(name) is not None:
            raise NotBuilt(f"{name} is not built in habitr-emulator.", why=f"not built for S3: {name}")
    if request.get("ServerSideEncryption", "AES256") != "AES256":
        raise NotBuilt("KMS encryption is not built in habitr-emulator.", why="not built for S3: aws:kms")


def find(ctx: Context, bucket: str, key: str) -> Row | None:
    """An object's row."""
    return ctx.store.one("SELECT * FROM s3_objects WHERE bucket = ? AND key = ?", (bucket, key))


def require(ctx: Context, request: Mapping[str, Any]) -> Row:
    """The object that a request names; raises NoSuchBucket, NoSuchVersion, and NoSuchKey.

    Who may not list the bucket is not told what is missing: that is AccessDenied.
    """
    buckets.require(ctx, request)
    row = find(ctx, request["Bucket"], request["Key"])
    if request.get("VersionId", "null") != "null":
        raise NoSuchVersion(Key=request["Key"], VersionId=request["VersionId"])
    if row is None:
        authorization.authorize_listing(ctx, request["Bucket"], request["Key"])
        raise NoSuchKey(Key=request["Key"])
    return row


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


async def put(ctx: Context, new: NewObject, request: Mapping[str, Any]) -> float:
    """Make ``new`` visible under the request's write conditions; returns its modification time.

    Raises NoSuchBucket, NoSuchKey, PreconditionFailed. Bodies that it replaces are removed.
    """
    now = ctx.clock.now()
    replaced = await ctx.store.write(lambda tx: write(tx, new, request, now))
    ctx.account.part(Blobs).discard(replaced)
    return now


def write(tx: Transaction, new: NewObject, request: Mapping[str, Any], now: float) -> list[str]:
    """The write of ``put``; returns the ids of the bodies that nothing has any more."""
    buckets.check(tx, new.bucket)
    old = tx.one("SELECT etag, parts FROM s3_objects WHERE bucket = ? AND key = ?", (new.bucket, new.key))
    _check_conditions(request, None if old is None else old["etag"], new.key)
    replaced = [] if old is None else [part.blob.id for part in parts_of(old)]
    blobs.forget(tx, replaced)
    if new.upload_id is None:
        for part in new.parts:
            blobs.record(tx, part.blob)
    parts = [(part.blob.id, part.blob.size, part.number, part.checksum) for part in new.parts]
    checksum = json.dumps(new.checksum) if new.checksum else None
    tx.execute(
        _INSERT,
        (
            *(new.bucket, new.key, new.size, new.etag, now),
            *(json.dumps(new.properties), json.dumps(new.tags), checksum, json.dumps(parts), new.upload_id),
        ),
    )
    return replaced


def _check_conditions(request: Mapping[str, Any], etag: str | None, key: str) -> None:
    if request.get("IfNoneMatch") is not None:
        if request["IfNoneMatch"].strip() != "*":
            raise NotImplementedByS3(Header="If-None-Match")
        if etag is not None:
            raise PreconditionFailed(Condition="If-None-Match")
    if request.get("IfMatch") is not None:
        if etag is None:
            raise NoSuchKey(Key=key)
        if not same_etag(request["IfMatch"], etag):
            raise PreconditionFailed(Condition="If-Match")


def same_etag(listed: str, etag: str) -> bool:
    """Whether a condition header's list of ETags, quoted or not, or ``*`` has ``etag``."""
    return listed.strip() == "*" or etag in [
        item.strip().removeprefix("W/").strip('"') for item in listed.split(",")
    ]


async def delete(ctx: Context, request: Mapping[str, Any]) -> None:
    """Remove an object if it is there; raises PreconditionFailed (If-Match)."""
    bucket, key = request["Bucket"], request["Key"]

    def remove(tx: Transaction) -> list[str]:
        old = tx.one("SELECT etag, parts FROM s3_objects WHERE bucket = ? AND key = ?", (bucket, key))
        wanted = request.get("IfMatch")
        if wanted is not None and (old is None or not same_etag(wanted, old["etag"])):
            raise PreconditionFailed(Condition="If-Match")
        if old is None:
            return []
        removed = [part.blob.id for part in parts_of(old)]
        tx.execute("DELETE FROM s3_objects WHERE bucket = ? AND key = ?", (bucket, key))
        blobs.forget(tx, removed)
        return removed

    ctx.account.part(Blobs).discard(await ctx.store.write(remove))


async def set_tags(ctx: Context, bucket: str, key: str, tags: str) -> None:
    """Replace an object's tags by those in a JSON object; raises NoSuchKey if it went meanwhile."""

    def write_tags(tx: Transaction) -> None:
        found = tx.execute("UPDATE s3_objects SET tags = ? WHERE bucket = ? AND key = ?", (tags, bucket, key))
        if not found.rowcount:
            raise NoSuchKey(Key=key)

    await ctx.store.write(write_tags)
