"""Buckets and their settings, each a JSON document under a name (``policy``, ``cors``, ``tagging``).

https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
"""

import hashlib
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from habitr_emulator.kernel.store import Row, Transaction
from habitr_emulator.services.context import Account, Context
from habitr_emulator.services.s3.errors import AccessDenied, BucketNotEmpty, InvalidBucketName, NoSuchBucket

PUBLIC_ACCESS_BLOCK = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_MOST_KEPT = 10_000
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]|\.(?![.-]))*(?<![.-])|[a-z0-9]")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
_INSERT = "INSERT OR IGNORE INTO s3_buckets (name, region, created_at) VALUES (?, ?, ?)"
# the parts' files are left to the sweep
_OF_BUCKET = "(SELECT id FROM s3_uploads WHERE bucket = ?)"
_DELETE_UPLOADS = (
    f"DELETE FROM s3_blobs WHERE id IN (SELECT blob FROM s3_parts WHERE upload_id IN {_OF_BUCKET})",  # noqa: S608
    f"DELETE FROM s3_parts WHERE upload_id IN {_OF_BUCKET}",  # noqa: S608
    "DELETE FROM s3_uploads WHERE bucket = ?",
)
_VERSIONING = """
SELECT (
  SELECT document FROM s3_bucket_settings WHERE bucket = s3_buckets.name AND name = 'versioning'
) AS versioning FROM s3_buckets WHERE name = ?
"""
_SET = """
INSERT INTO s3_bucket_settings (bucket, name, document) VALUES (?, ?, ?)
ON CONFLICT (bucket, name) DO UPDATE SET document = excluded.document
"""


def arn(name: str) -> str:
    """A bucket's ARN, which has neither region nor account."""
    return f"arn:aws:s3:::{name}"


def owner_id(account: Account) -> str:
    """The account's canonical user id, 64 hex digits."""
    return hashlib.sha256(f"canonical:{account.account_id}".encode()).hexdigest()


def require(ctx: Context, request: Mapping[str, Any]) -> Row:
    """The bucket that a request names; raises NoSuchBucket, and AccessDenied if another owner is expected."""
    row = find(ctx, request["Bucket"])
    if row is None:
        raise missing(request["Bucket"])
    if request.get("ExpectedBucketOwner", ctx.account.account_id) != ctx.account.account_id:
        raise AccessDenied(why="x-amz-expected-bucket-owner is not this account")
    return row


def find(ctx: Context, name: str) -> Row | None:
    """A bucket's row."""
    return ctx.store.one("SELECT * FROM s3_buckets WHERE name = ?", (name,))


def missing(name: str) -> NoSuchBucket:
    """S3's answer for a bucket that is not there."""
    return NoSuchBucket(BucketName=name)


def check(tx: Transaction, name: str) -> str:
    """Inside a write: the bucket's versioning (``Enabled``, ``Suspended`` or ""); raises NoSuchBucket."""
    row = tx.one(_VERSIONING, (name,))
    if row is None:
        raise missing(name)
    return "" if row["versioning"] is None else str(read(row["versioning"])["Status"])


def versioning(account: Account, name: str) -> str:
    """``Enabled``, ``Suspended``, or "" for a bucket that was never versioned."""
    document = setting(account, name, "versioning")
    return "" if document is None else str(document["Status"])


def check_name(name: str) -> None:
    """Raise InvalidBucketName for what no bucket may be called."""
    allowed = 3 <= len(name) <= 63 and _NAME.fullmatch(name) and ".-" not in name and "-." not in name
    if not allowed or _ADDRESS.fullmatch(name) or name.startswith("xn--") or name.endswith("-s3alias"):
        raise InvalidBucketName(BucketName=name)


async def create(ctx: Context, name: str, settings: Mapping[str, Mapping[str, Any]] | None = None) -> bool:
    """Create a bucket with its first settings (``initial_settings``); False if it was there."""
    now = ctx.clock.now()
    first = initial_settings(ctx) if settings is None else settings

    def write(tx: Transaction) -> bool:
        if tx.execute(_INSERT, (name, ctx.account.region, now)).rowcount != 1:
            return False
        tx.executemany(_SET, [(name, key, json.dumps(document)) for key, document in first.items()])
        return True

    created = await ctx.store.write(write)
    ctx.account.part(Settings).forget(name)
    return created


def initial_settings(ctx: Context) -> dict[str, dict[str, Any]]:
    """What a new bucket begins with: ACLs off and public access blocked, as since April 2023, unless the emulator
    plays the time before.
    """
    if ctx.account.s3_bucket_defaults == "legacy":
        return {}
    return {
        "ownership": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "public-access-block": dict.fromkeys(PUBLIC_ACCESS_BLOCK, True),
    }


async def delete(ctx: Context, name: str) -> None:
    """Delete an empty bucket, its settings and unfinished uploads; raises NoSuchBucket, BucketNotEmpty."""

    def write(tx: Transaction) -> None:
        status = check(tx, name)
        if tx.one("SELECT 1 FROM s3_versions WHERE bucket = ? LIMIT 1", (name,)) is not None:
            text = "The bucket you tried to delete is not empty. You must delete all versions in the bucket."
            raise BucketNotEmpty(text if status else None, BucketName=name)
        for statement in _DELETE_UPLOADS:
            tx.execute(statement, (name,))
        tx.execute("DELETE FROM s3_bucket_settings WHERE bucket = ?", (name,))
        tx.execute("DELETE FROM s3_buckets WHERE name = ?", (name,))

    await ctx.store.write(write, long=True)


class Settings:
    """The settings of buckets as JSON texts, kept in memory, since every request asks for several."""

    def __init__(self, account: Account) -> None:
        self._store = account.store
        self._kept: dict[str, dict[str, str]] = {}
        account.bus.subscribe("store.restored", lambda _: self._kept.clear())

    def of(self, bucket: str) -> Mapping[str, str]:
        """Every setting of a bucket, by name."""
        kept = self._kept.get(bucket)
        if kept is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            rows = self._store.all("SELECT name, document FROM s3_bucket_settings WHERE bucket = ?", (bucket,))
            kept = self._kept[bucket] = {row["name"]: row["document"] for row in rows}
        return kept

    def forget(self, bucket: str) -> None:
        """Read a bucket's settings again: they were written."""
        self._kept.pop(bucket, None)


def setting(account: Account, bucket: str, name: str) -> dict[str, Any] | None:
    """A setting's document, not to be changed; None if it is not set."""
    text = setting_text(account, bucket, name)
    return None if text is None else read(text)


def setting_text(account: Account, bucket: str, name: str) -> str | None:
    """The same as JSON text."""
    return account.part(Settings).of(bucket).get(name)


@lru_cache(maxsize=256)
def read(text: str) -> dict[str, Any]:
    """A document of its text: the same object each time, not to be changed."""
    document: dict[str, Any] = json.loads(text)
    return document


def own_setting(ctx: Context, request: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    """A setting of the bucket that a request names; raises NoSuchBucket."""
    require(ctx, request)
    return setting(ctx.account, request["Bucket"], name)


async def set_setting(ctx: Context, bucket: str, name: str, document: Mapping[str, Any]) -> None:
    """Set or replace a setting; raises NoSuchBucket."""
    text = json.dumps(document)

    def write(tx: Transaction) -> None:
        check(tx, bucket)
        tx.execute(_SET, (bucket, name, text))

    await ctx.store.write(write)
    ctx.account.part(Settings).forget(bucket)


async def unset_setting(ctx: Context, bucket: str, name: str) -> None:
    """Remove a setting, also when it is not set; raises NoSuchBucket."""

    def write(tx: Transaction) -> None:
        check(tx, bucket)
        tx.execute("DELETE FROM s3_bucket_settings WHERE bucket = ? AND name = ?", (bucket, name))

    await ctx.store.write(write)
    ctx.account.part(Settings).forget(bucket)
