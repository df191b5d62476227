"""Multipart uploads: parts are bodies of their own, and Complete lists them; nothing is copied together.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.s3 import attributes, blobs, buckets, checksums, encryption, writing
from habitr_emulator.services.s3.blobs import Blob, Blobs, Body
from habitr_emulator.services.s3.checksums import Declared, Digests
from habitr_emulator.services.s3.errors import (
    BadDigest,
    EntityTooSmall,
    InvalidArgument,
    InvalidPart,
    InvalidPartOrder,
    InvalidRequest,
    MalformedXML,
    NoSuchUpload,
)
from habitr_emulator.services.s3.objects import NewObject, Part
from habitr_emulator.services.s3.writing import Written

MOST_PARTS = 10_000
LEAST_PART = 5 * 1024 * 1024
_PUT_PART = """
INSERT OR REPLACE INTO s3_parts (upload_id, number, blob, size, etag, checksum, modified_at)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""


def require(ctx: Context, request: Mapping[str, Any]) -> Row:
    """The upload that a request names; raises NoSuchUpload."""
    row = ctx.store.one("SELECT * FROM s3_uploads WHERE id = ?", (request["UploadId"],))
    if row is None or (row["bucket"], row["key"]) != (request["Bucket"], request["Key"]):
        raise _missing(request["UploadId"])
    return row


def begin(tx: Transaction, row: tuple[Any, ...]) -> None:
    """Insert an upload; raises NoSuchBucket if its bucket went meanwhile."""
    buckets.check(tx, row[1])
    tx.execute("INSERT INTO s3_uploads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def _missing(upload_id: str) -> NoSuchUpload:
    return NoSuchUpload(UploadId=upload_id)


def _check_algorithm(upload: Row, said: Declared) -> None:
    """Raise InvalidRequest for a part with another checksum than its upload's."""
    wanted = upload["checksum_algorithm"]
    if wanted and said.algorithm not in ("", wanted):
        raise InvalidRequest(
            f"Checksum Type mismatch occurred, expected checksum Type: {wanted.lower()}, "
            f"actual checksum Type: {said.algorithm.lower()}"
        )


async def put_part(ctx: Context, request: Mapping[str, Any], body: Body, said: Declared) -> dict[str, Any]:
    """Store a part, replacing one of its number; returns ETag (quoted), Checksum, LastModified and
    Encryption.

    Raises NoSuchUpload, InvalidArgument and what the body's digests raise.
    """
    number = request["PartNumber"]
    if not 1 <= number <= MOST_PARTS:
        raise InvalidArgument(
            f"Part number must be an integer between 1 and {MOST_PARTS}, inclusive",
            ArgumentName="partNumber",
            ArgumentValue=str(number),
        )
    upload = require(ctx, request)
    encryption.check_part(upload["customer_key"], request)
    _check_algorithm(upload, said)
    algorithm = upload["checksum_algorithm"]
    digests, files = Digests(said, algorithm or checksums.DEFAULT), ctx.account.part(Blobs)
    async with files.receiving(body, digests) as blob:
        now = ctx.clock.now()
        row = (request["UploadId"], number, blob.id, blob.size, digests.etag(), digests.checksum(), now)
        replaced = await ctx.store.write(lambda tx: _replace_part(tx, blob, row))
    files.discard(replaced)
    shown = {f"Checksum{algorithm}": digests.checksum()} if algorithm else digests.declared()
    told = encryption.shown(json.loads(upload["properties"]))
    return {"ETag": f'"{digests.etag()}"', "Checksum": shown, "LastModified": now, "Encryption": told}


def _replace_part(tx: Transaction, blob: Blob, row: tuple[Any, ...]) -> list[str]:
    if tx.one("SELECT 1 FROM s3_uploads WHERE id = ?", row[:1]) is None:
        raise _missing(row[0])
    old = tx.one("SELECT blob FROM s3_parts WHERE upload_id = ? AND number = ?", row[:2])
    replaced = [] if old is None else [old["blob"]]
    blobs.forget(tx, replaced)
    blobs.record(tx, blob)
    tx.execute(_PUT_PART, row)
    return replaced


async def complete(ctx: Context, request: Mapping[str, Any]) -> tuple[NewObject, Written]:
    """Make the object of the listed parts visible; the other parts go.

    Raises NoSuchUpload, MalformedXML, InvalidPartOrder, InvalidPart, EntityTooSmall, and what objects.put raises.
    """
    upload = require(ctx, request)
    listed = (request.get("MultipartUpload") or {}).get("Parts") or []
    stamp = writing.stamp_of(ctx)

    def write(tx: Transaction) -> tuple[NewObject, Written, list[str]]:
        stored = {
            row["number"]: row for row in tx.all("SELECT * FROM s3_parts WHERE upload_id = ?", (upload["id"],))
        }
        if tx.one("SELECT 1 FROM s3_uploads WHERE id = ?", (upload["id"],)) is None:
            raise _missing(upload["id"])
        chosen = _chosen(listed, stored, upload["checksum_algorithm"])
        new = _assembled(upload, chosen, request)
        _check_size(new, request)
        written, garbage = writing.write(tx, new, request, stamp)
        used = {row["blob"] for row in chosen}
        unused = [row["blob"] for row in stored.values() if row["blob"] not in used]
        _forget_upload(tx, upload["id"])
        blobs.forget(tx, unused)
        return new, written, garbage + unused

    new, written, garbage = await ctx.store.write(write)
    ctx.account.part(Blobs).discard(garbage)
    return new, written


def _chosen(listed: Sequence[Mapping[str, Any]], stored: Mapping[int, Row], algorithm: str | None) -> list[Row]:
    if not listed:
        raise MalformedXML
    numbers = [part.get("PartNumber", 0) for part in listed]
    if any(second <= first for first, second in pairwise(numbers)):
        raise InvalidPartOrder
    chosen = [_matching(part, stored.get(part.get("PartNumber", 0)), algorithm) for part in listed]
    for row in chosen[:-1]:
        if row["size"] < LEAST_PART:
            raise EntityTooSmall(
                ProposedSize=row["size"], MinSizeAllowed=LEAST_PART, PartNumber=row["number"], ETag=row["etag"]
            )
    return chosen


def _matching(part: Mapping[str, Any], row: Row | None, algorithm: str | None) -> Row:
    if row is None or part.get("ETag", "").strip().strip('"') != row["etag"]:
        raise InvalidPart(PartNumber=part.get("PartNumber", 0), ETag=part.get("ETag", ""))
    said = [value for name, value in part.items() if name.startswith("Checksum") and value]
    if said and algorithm and said != [row["checksum"]]:
        raise InvalidPart(PartNumber=row["number"], ETag=row["etag"])
    return row


def _assembled(upload: Row, chosen: Sequence[Row], request: Mapping[str, Any]) -> NewObject:
    md5s = b"".join(bytes.fromhex(row["etag"]) for row in chosen)
    etag = f"{hashlib.md5(md5s, usedforsecurity=False).hexdigest()}-{len(chosen)}"
    return NewObject(
        bucket=upload["bucket"],
        key=upload["key"],
        etag=etag,
        parts=[
            Part(Blob(row["blob"], row["size"]), number, row["checksum"] or "")
            for number, row in enumerate(chosen, 1)
        ],
        attributes=attributes.of_row(upload),
        checksum=_checksum(upload, chosen, request),
        upload_id=upload["id"],
    )


def _check_size(new: NewObject, request: Mapping[str, Any]) -> None:
    said = request.get("MpuObjectSize")
    if said is not None and int(said) != new.size:
        raise InvalidRequest(
            f"The provided 'x-amz-mp-object-size' header value {said} does not match what was computed: {new.size}"
        )


def _checksum(upload: Row, chosen: Sequence[Row], request: Mapping[str, Any]) -> dict[str, str]:
    algorithm = upload["checksum_algorithm"] or checksums.DEFAULT
    kind = upload["checksum_type"] or checksums.default_type(algorithm)
    if request.get("ChecksumType", kind) != kind:
        raise InvalidRequest(
            f"The upload was created using the {kind} checksum mode. The complete request must use the same "
            "checksum mode."
        )
    value = checksums.of_parts(algorithm, kind, [(row["checksum"], row["size"]) for row in chosen])
    said = request.get(f"Checksum{algorithm}")
    if said is not None and said != value and f"{said}-{len(chosen)}" != value:
        raise BadDigest(f"The {algorithm} you specified did not match the calculated checksum.")
    return {"Algorithm": algorithm, "Value": value, "Type": kind}


async def abort(ctx: Context, request: Mapping[str, Any]) -> None:
    """End an upload and remove its parts; raises NoSuchUpload."""
    upload_id = require(ctx, request)["id"]

    def write(tx: Transaction) -> list[str]:
        if tx.one("SELECT 1 FROM s3_uploads WHERE id = ?", (upload_id,)) is None:
            raise _missing(upload_id)
        parts = [row["blob"] for row in tx.all("SELECT blob FROM s3_parts WHERE upload_id = ?", (upload_id,))]
        _forget_upload(tx, upload_id)
        blobs.forget(tx, parts)
        return parts

    ctx.account.part(Blobs).discard(await ctx.store.write(write))


def _forget_upload(tx: Transaction, upload_id: str) -> None:
    tx.execute("DELETE FROM s3_parts WHERE upload_id = ?", (upload_id,))
    tx.execute("DELETE FROM s3_uploads WHERE id = ?", (upload_id,))


def initiator(ctx: Context) -> dict[str, str]:
    """Who begins an upload, as listings show it."""
    if ctx.caller.kind == "signed" and not ctx.caller.root:
        return {"ID": ctx.caller.arn, "DisplayName": ctx.caller.arn.rpartition("/")[2]}
    return {"ID": ctx.account.arn("iam", "root", region=False), "DisplayName": "root"}
