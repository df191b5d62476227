"""ListObjectVersions: a page of a bucket's versions and delete markers.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, histories, listing
from habitr_emulator.services.s3.errors import InvalidArgument


@operation(
    auth=Auth.POLICY,
    action="s3:ListBucketVersions",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
    conditions=authorization.listing_conditions,
)
async def list_object_versions(request: Input, ctx: Context) -> Output:
    """ListObjectVersions."""
    buckets.require(ctx, request)
    key_marker, version_marker = request.get("KeyMarker") or "", request.get("VersionIdMarker") or ""
    if version_marker and not key_marker:
        raise InvalidArgument(
            "A version-id marker cannot be specified without a key marker.",
            ArgumentName="version-id-marker",
            ArgumentValue=version_marker,
        )
    most, shown = listing.limit(request.get("MaxKeys")), listing.encoder(request)
    page = histories.page_of(ctx, request, (key_marker, version_marker), most)
    owner = {"ID": buckets.owner_id(ctx.account)}
    answer = {
        "Name": request["Bucket"],
        "Prefix": shown(request.get("Prefix") or ""),
        "Delimiter": shown(request["Delimiter"]) if request.get("Delimiter") else None,
        "KeyMarker": shown(key_marker),
        "VersionIdMarker": version_marker,
        "MaxKeys": most,
        "EncodingType": request.get("EncodingType"),
        "IsTruncated": page.truncated,
        "NextKeyMarker": shown(page.last) if page.truncated else None,
        "NextVersionIdMarker": page.last_version if page.truncated and page.last_version else None,
        "Versions": [
            histories.version(each, shown, owner) for each in page.entries if not each.row["delete_marker"]
        ],
        "DeleteMarkers": [
            histories.marker(each, shown, owner) for each in page.entries if each.row["delete_marker"]
        ],
        "CommonPrefixes": [{"Prefix": shown(prefix)} for prefix in page.prefixes],
    }
    return {name: value for name, value in answer.items() if value is not None}
