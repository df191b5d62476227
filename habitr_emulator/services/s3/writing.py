"""Writing and removing objects: conditions, versions and locks are judged in the transaction that writes.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.context import Context
from habitr_emulator.services.s3 import blobs, buckets, locks
from habitr_emulator.services.s3.blobs import Blobs
from habitr_emulator.services.s3.errors import (
    NoSuchKey,
    NoSuchVersion,
    NotImplementedByS3,
    PreconditionFailed,
)
from habitr_emulator.services.s3.objects import NULL, NewObject, check_version_id, latest, parts_of, version

_INSERT = """
INSERT INTO s3_versions
  (bucket, key, sequence, version_id, delete_marker, size, etag, modified_at, checksum, parts, upload_id,
   properties, tags, acl, lock, customer_key)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
#: The time at which a version is written, and what makes its id in case it needs one.
Stamp = tuple[float, Callable[[], str]]
_DELETE = "DELETE FROM s3_versions WHERE bucket = ? AND key = ? AND sequence = ?"


@dataclass(frozen=True, slots=True)
class Written:
    """A version that was written: its id ("" if the bucket was never versioned), time and place in the order."""

    version_id: str
    modified_at: float
    sequence: int = 0

    @property
    def members(self) -> dict[str, str]:
        """``VersionId``, as outputs have it."""
        return {"VersionId": self.version_id} if self.version_id else {}


@dataclass(frozen=True, slots=True)
class Removed:
    """What a deletion did: ``marker`` if it left or removed a delete marker, ``left_marker`` if it left one,
    ``there`` if anything changed.
    """

    version_id: str = ""
    marker: bool = False
    there: bool = False
    left_marker: bool = False

    @property
    def members(self) -> dict[str, Any]:
        """``DeleteMarker`` and ``VersionId``, as outputs have them."""
        shown: dict[str, Any] = {"VersionId": self.version_id} if self.version_id else {}
        return {**shown, "DeleteMarker": True} if self.marker else shown


async def put(ctx: Context, new: NewObject, request: Mapping[str, Any]) -> Written:
    """Make ``new`` visible under the request's write conditions.

    Raises NoSuchBucket, NoSuchKey, PreconditionFailed. Bodies that it replaces are removed.
    """
    stamp = stamp_of(ctx)
    written, replaced = await ctx.store.write(lambda tx: write(tx, new, request, stamp))
    ctx.account.part(Blobs).discard(replaced)
    return written


def stamp_of(ctx: Context) -> Stamp:
    """For a version that is about to be written."""
    return ctx.clock.now(), lambda: ctx.ids.base62(32)


def write(tx: Transaction, new: NewObject, request: Mapping[str, Any], stamp: Stamp) -> tuple[Written, list[str]]:
    """The write of ``put``; returns also the ids of the bodies that nothing has any more."""
    now, fresh = stamp
    status = buckets.check(tx, new.bucket)
    old = latest(tx, new.bucket, new.key)
    check_conditions(request, old, new.key)
    version_id = fresh() if status == "Enabled" else NULL
    replaced = [] if status == "Enabled" else _drop_null(tx, new.bucket, new.key, old)
    if new.upload_id is None:
        for part in new.parts:
            blobs.record(tx, part.blob)
    sequence = 1 if old is None else old["sequence"] + 1
    parts = json.dumps([(part.blob.id, part.blob.size, part.number, part.checksum) for part in new.parts])
    checksum = json.dumps(new.checksum) if new.checksum else None
    row = (new.bucket, new.key, sequence, version_id, 0, new.size, new.etag, now, checksum, parts, new.upload_id)
    tx.execute(_INSERT, row + new.attributes.columns())
    return Written(version_id if status else "", now, sequence), replaced


def _drop_null(tx: Transaction, bucket: str, key: str, old: Row | None) -> list[str]:
    """Remove the null version, which an unversioned write replaces; returns its bodies."""
    if old is None:
        return []
    row = old if old["version_id"] == NULL else version(tx, bucket, key, NULL)
    return [] if row is None else _drop(tx, row)


def _drop(tx: Transaction, row: Row) -> list[str]:
    tx.execute(_DELETE, (row["bucket"], row["key"], row["sequence"]))
    removed = [part.blob.id for part in parts_of(row)]
    blobs.forget(tx, removed)
    return removed


def check_conditions(request: Mapping[str, Any], old: Row | None, key: str) -> None:
    """Hold the current version against If-Match and If-None-Match; a delete marker counts as nothing.

    Raises PreconditionFailed, NoSuchKey, NotImplementedByS3.
    """
    etag = None if old is None or old["delete_marker"] else old["etag"]
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


async def delete(ctx: Context, request: Mapping[str, Any]) -> Removed:
    """Remove an object, leave a delete marker, or remove the version of VersionId for good.

    Raises PreconditionFailed (IfMatch), InvalidArgument, and AccessDenied for what is locked.
    """
    version_id, now = request.get("VersionId"), ctx.clock.now()
    if version_id is not None:
        check_version_id(version_id)
        bypass = locks.may_bypass(ctx, request)
        removed, garbage = await ctx.store.write(lambda tx: _remove_version(tx, request, now, bypass=bypass))
    else:
        stamp = stamp_of(ctx)
        removed, garbage = await ctx.store.write(lambda tx: _remove(tx, request, stamp))
    ctx.account.part(Blobs).discard(garbage)
    return removed


async def expire(ctx: Context, row: Row) -> Removed:
    """Delete a current version as a lifecycle rule does; nothing if another one has taken its place."""
    named, stamp = {"Bucket": row["bucket"], "Key": row["key"]}, stamp_of(ctx)

    def work(tx: Transaction) -> tuple[Removed, list[str]]:
        now = latest(tx, row["bucket"], row["key"])
        same = now is not None and now["sequence"] == row["sequence"]
        return _remove(tx, named, stamp) if same else (Removed(), [])

    removed, garbage = await ctx.store.write(work)
    ctx.account.part(Blobs).discard(garbage)
    return removed


def _remove(tx: Transaction, request: Mapping[str, Any], stamp: Stamp) -> tuple[Removed, list[str]]:
    bucket, key = request["Bucket"], request["Key"]
    status, old = buckets.check(tx, bucket), latest(tx, bucket, key)
    _check_delete_conditions(request, None if old is None or old["delete_marker"] else old)
    if not status:
        return (Removed(), []) if old is None else (Removed(there=True), _drop(tx, old))
    version_id = stamp[1]() if status == "Enabled" else NULL
    garbage = _drop_null(tx, bucket, key, old) if status != "Enabled" else []
    sequence = 1 if old is None else old["sequence"] + 1
    row = (bucket, key, sequence, version_id, 1, 0, "", stamp[0], None, "[]", None)
    tx.execute(_INSERT, (*row, "{}", "{}", None, None, None))
    return Removed(version_id, marker=True, there=True, left_marker=True), garbage


def _remove_version(
    tx: Transaction, request: Mapping[str, Any], now: float, *, bypass: bool
) -> tuple[Removed, list[str]]:
    row = version(tx, request["Bucket"], request["Key"], request["VersionId"])
    _check_delete_conditions(request, row)
    if row is None:
        status = buckets.check(tx, request["Bucket"])
        return Removed(request["VersionId"] if status else ""), []
    locks.check_removable(row, now, bypass=bypass)
    shown = row["version_id"] if row["version_id"] != NULL or buckets.check(tx, row["bucket"]) else ""
    return Removed(shown, marker=bool(row["delete_marker"]), there=True), _drop(tx, row)


def _check_delete_conditions(request: Mapping[str, Any], row: Row | None) -> None:
    """If-Match and, which AWS has for directory buckets only, size and time; nothing there fails If-Match."""
    wanted = request.get("IfMatch")
    if wanted is not None and (row is None or not same_etag(wanted, row["etag"])):
        raise PreconditionFailed(Condition="If-Match")
    for member in ("IfMatchSize", "IfMatchLastModifiedTime"):
        if request.get(member) is not None:
            raise NotImplementedByS3(Header=f"x-amz-{member}")


async def update(ctx: Context, row: Row, column: str, value: str | None) -> None:
    """Replace a column (tags, acl, properties) of one version; raises NoSuchKey or NoSuchVersion if it went."""
    assert column in ("tags", "acl", "properties")
    where = (row["bucket"], row["key"], row["version_id"])
    sql = f"UPDATE s3_versions SET {column} = ? WHERE bucket = ? AND key = ? AND version_id = ?"  # noqa: S608

    def change(tx: Transaction) -> None:
        if not tx.execute(sql, (value, *where)).rowcount:
            raise NoSuchKey(Key=row["key"]) if row["version_id"] == NULL else NoSuchVersion(Key=row["key"])

    await ctx.store.write(change)
