"""ListObjectsV2: a page of a bucket's keys.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
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
async def list_objects_v2(request: Input, ctx: Context) -> Output:
    """ListObjectsV2."""
    buckets.require(ctx, request)
    token, start = request.get("ContinuationToken"), request.get("StartAfter") or ""
    after = listing.entry_of(token) if token is not None else start
    most = listing.limit(request.get("MaxKeys"))
    page = contents.page_of(ctx, request, after, most)
    shown, owner = listing.encoder(request), buckets.owner_id(ctx.account) if request.get("FetchOwner") else ""
    answer = {
        **contents.answer(request, page, most, owner),
        "KeyCount": page.count,
        "ContinuationToken": token,
        "StartAfter": shown(start) if start else None,
        "NextContinuationToken": listing.token_of(page.last) if page.truncated else None,
    }
    return {name: value for name, value in answer.items() if value is not None}
