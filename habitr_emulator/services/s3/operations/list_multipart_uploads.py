"""ListMultipartUploads: the uploads of a bucket that are not complete.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html
"""

import json
from collections.abc import Callable

from habitr_emulator.kernel.store import Row
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, listing

_LISTED = """
SELECT * FROM s3_uploads
WHERE bucket = ?1 AND substr(key, 1, ?2) = ?3 AND (key > ?4 OR (key = ?4 AND id > ?5 AND ?5 <> ''))
ORDER BY key, id
"""


@operation(
    auth=Auth.POLICY,
    action="s3:ListBucketMultipartUploads",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
    conditions=authorization.listing_conditions,
)
async def list_multipart_uploads(request: Input, ctx: Context) -> Output:
    """ListMultipartUploads."""
    buckets.require(ctx, request)
    most, shown = listing.limit(request.get("MaxUploads"), "max-uploads"), listing.encoder(request)
    prefix, delimiter = request.get("Prefix") or "", request.get("Delimiter") or ""
    entries = _entries(ctx, request, most)
    page, truncated = entries[:most], len(entries) > most > 0
    answer = {
        "Bucket": request["Bucket"],
        "KeyMarker": shown(request.get("KeyMarker") or ""),
        "UploadIdMarker": request.get("UploadIdMarker") or "",
        "MaxUploads": most,
        "IsTruncated": truncated,
        "Prefix": shown(prefix) if prefix else None,
        "Delimiter": shown(delimiter) if delimiter else None,
        "EncodingType": request.get("EncodingType"),
        "NextKeyMarker": shown(page[-1][0]) if truncated else None,
        "NextUploadIdMarker": (page[-1][1]["id"] if page[-1][1] else "") if truncated else None,
        "Uploads": [_shown(row, shown, buckets.owner_id(ctx.account)) for _, row in page if row is not None],
        "CommonPrefixes": [{"Prefix": shown(name)} for name, row in page if row is None],
    }
    return {name: value for name, value in answer.items() if value is not None}


def _entries(ctx: Context, request: Input, most: int) -> list[tuple[str, Row | None]]:
    """Key and upload, or common prefix and None, in order; one more than ``most`` if there are."""
    prefix, delimiter = request.get("Prefix") or "", request.get("Delimiter") or ""
    key, upload_id = request.get("KeyMarker") or "", request.get("UploadIdMarker") or ""
    entries: list[tuple[str, Row | None]] = []
    for row in ctx.store.rows(_LISTED, (request["Bucket"], len(prefix), prefix, key, upload_id)):
        if len(entries) > most:
            break
        common = listing.common_prefix(row["key"], prefix, delimiter)
        if not common:
            entries.append((row["key"], row))
        elif common > key and (not entries or entries[-1][0] != common):
            entries.append((common, None))
    return entries


def _shown(row: Row, shown: Callable[[str], str], owner: str) -> Output:
    checksum = {"ChecksumAlgorithm": row["checksum_algorithm"], "ChecksumType": row["checksum_type"]}
    return {
        "UploadId": row["id"],
        "Key": shown(row["key"]),
        "Initiated": row["initiated_at"],
        "StorageClass": json.loads(row["properties"]).get("StorageClass", "STANDARD"),
        "Owner": {"ID": owner},
        "Initiator": json.loads(row["initiator"]),
        **(checksum if row["checksum_algorithm"] else {}),
    }
