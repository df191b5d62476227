"""ListParts: the parts of an upload so far.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
"""

import json

from habitr_emulator.kernel.store import Row
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, listing, multipart


@operation(
    auth=Auth.POLICY,
    action="s3:ListMultipartUploadParts",
    resources=authorization.object_arn,
    resource_policy=authorization.bucket_policy,
)
async def list_parts(request: Input, ctx: Context) -> Output:
    """ListParts."""
    buckets.require(ctx, request)
    upload = multipart.require(ctx, request)
    most = listing.limit(request.get("MaxParts"), "max-parts")
    after = int(request.get("PartNumberMarker") or 0)
    rows = ctx.store.all(
        "SELECT * FROM s3_parts WHERE upload_id = ? AND number > ? ORDER BY number LIMIT ?",
        (upload["id"], after, most + 1),
    )
    page, algorithm = rows[:most], upload["checksum_algorithm"]
    answer: Output = {
        "Bucket": upload["bucket"],
        "Key": upload["key"],
        "UploadId": upload["id"],
        "PartNumberMarker": after,
        "NextPartNumberMarker": page[-1]["number"] if page else 0,
        "MaxParts": most,
        "IsTruncated": len(rows) > len(page),
        "Parts": [_shown(row, algorithm) for row in page],
        "Initiator": json.loads(upload["initiator"]),
        "Owner": {"ID": buckets.owner_id(ctx.account)},
        "StorageClass": json.loads(upload["properties"]).get("StorageClass", "STANDARD"),
    }
    if algorithm:
        answer |= {"ChecksumAlgorithm": algorithm, "ChecksumType": upload["checksum_type"]}
    return answer


def _shown(row: Row, algorithm: str | None) -> Output:
    checksum = {f"Checksum{algorithm}": row["checksum"]} if algorithm else {}
    return {
        "PartNumber": row["number"],
        "LastModified": row["modified_at"],
        "ETag": f'"{row["etag"]}"',
        "Size": row["size"],
        **checksum,
    }
