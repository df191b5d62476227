"""ListObjects: a page of a bucket's keys, the older form.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, contents, listing


@operation(
    auth=Auth.POLICY,
    action="s3:ListBucket",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
    conditions=authorization.listing_conditions,
)
async def list_objects(request: Input, ctx: Context) -> Output:
    """ListObjects."""
    buckets.require(ctx, request)
    marker, shown = request.get("Marker") or "", listing.encoder(request)
    most = listing.limit(request.get("MaxKeys"))
    page = contents.page_of(ctx, request, marker, most)
    answer = {**contents.answer(request, page, most, buckets.owner_id(ctx.account)), "Marker": shown(marker)}
    if page.truncated and request.get("Delimiter"):
        answer["NextMarker"] = shown(page.last)
    return answer
