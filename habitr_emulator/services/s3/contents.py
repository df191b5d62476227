"""What ListObjects and ListObjectsV2 have in common: the page, and how its keys are shown."""

import json
from collections.abc import Iterator
from typing import Any

from habitr_emulator.kernel.store import Row
from habitr_emulator.services.context import Context
from habitr_emulator.services.s3 import listing

_COLUMNS = (
    "SELECT key, size, etag, modified_at, json_extract(properties, '$.StorageClass') AS storage_class, checksum,"
    " delete_marker FROM s3_versions WHERE bucket = ? AND key >= ?"
)


def page_of(ctx: Context, request: dict[str, Any], after: str, most: int) -> listing.Page[Row]:
    """The page of the request's bucket that comes after a key or common prefix."""

    def seek(start: str, below: str) -> Iterator[Row]:
        order = "ORDER BY key, sequence DESC"
        if below:
            return _current(ctx.store.rows(f"{_COLUMNS} AND key < ? {order}", (request["Bucket"], start, below)))
        return _current(ctx.store.rows(f"{_COLUMNS} {order}", (request["Bucket"], start)))

    return listing.page_of(seek, request.get("Prefix") or "", request.get("Delimiter") or "", after, most)


def _current(rows: Iterator[Row]) -> Iterator[Row]:
    """The newest version of each key, but no delete markers."""
    last = None
    for row in rows:
        if row["key"] != last:
            last = row["key"]
            if not row["delete_marker"]:
                yield row


def answer(request: dict[str, Any], page: listing.Page[Row], most: int, owner: str) -> dict[str, Any]:
    """The members that both listings have; ``owner`` is a canonical id, empty to leave owners out."""
    shown = listing.encoder(request)
    members = {
        "Name": request["Bucket"],
        "Prefix": shown(request.get("Prefix") or ""),
        "Delimiter": shown(request["Delimiter"]) if request.get("Delimiter") else None,
        "MaxKeys": most,
        "EncodingType": request.get("EncodingType"),
        "IsTruncated": page.truncated,
        "Contents": [_shown(row, shown(row["key"]), owner) for row in page.rows],
        "CommonPrefixes": [{"Prefix": shown(prefix)} for prefix in page.prefixes],
    }
    return {name: value for name, value in members.items() if value is not None}


def _shown(row: Row, key: str, owner: str) -> dict[str, Any]:
    shown = {
        "Key": key,
        "LastModified": row["modified_at"],
        "ETag": f'"{row["etag"]}"',
        "Size": row["size"],
        "StorageClass": row["storage_class"] or "STANDARD",
    }
    if row["checksum"]:
        checksum = json.loads(row["checksum"])
        shown |= {"ChecksumAlgorithm": [checksum["Algorithm"]], "ChecksumType": checksum["Type"]}
    return {**shown, "Owner": {"ID": owner}} if owner else shown
