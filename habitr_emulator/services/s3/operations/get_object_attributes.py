"""GetObjectAttributes: facts about an object and its parts.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
"""

import json

from habitr_emulator.kernel.store import Row
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, encryption, listing, objects
from habitr_emulator.services.s3.errors import InvalidArgument

_ATTRIBUTES = {"ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"}


@operation(
    auth=Auth.POLICY,
    action=authorization.versioned("s3:GetObject{}Attributes"),
    resources=authorization.object_arn,
    resource_policy=authorization.object_policy,
    conditions=authorization.reading_conditions,
)
async def get_object_attributes(request: Input, ctx: Context) -> Output:
    """GetObjectAttributes."""
    row = objects.require(ctx, request)
    encryption.check_reader(row["customer_key"], request)
    names = {name.strip() for listed in request["ObjectAttributes"] for name in listed.split(",")}
    if names - _ATTRIBUTES:
        raise InvalidArgument(
            "Invalid attribute name specified.",
            ArgumentName="x-amz-object-attributes",
            ArgumentValue=",".join(sorted(names - _ATTRIBUTES)),
        )
    facts = {
        "ETag": row["etag"],
        "Checksum": objects.checksum_members(row),
        "ObjectParts": _parts(request, row) if row["upload_id"] else None,
        "StorageClass": json.loads(row["properties"]).get("StorageClass", "STANDARD"),
        "ObjectSize": row["size"],
    }
    shown = {name: fact for name, fact in facts.items() if name in names and fact not in (None, {})}
    return {"LastModified": row["modified_at"], **objects.version_members(ctx, row), **shown}


def _parts(request: Input, row: Row) -> Output:
    parts = objects.parts_of(row)
    after, most = int(request.get("PartNumberMarker") or 0), listing.limit(request.get("MaxParts"), "max-parts")
    page = parts[after : after + most]
    stored = json.loads(row["checksum"]) if row["checksum"] else None
    answer: Output = {
        "TotalPartsCount": len(parts),
        "PartNumberMarker": str(after),
        "NextPartNumberMarker": str(page[-1].number if page else after),
        "MaxParts": most,
        "IsTruncated": after + len(page) < len(parts),
    }
    if stored:
        answer["Parts"] = [
            {"PartNumber": part.number, "Size": part.blob.size, f"Checksum{stored['Algorithm']}": part.checksum}
            for part in page
        ]
    return answer
