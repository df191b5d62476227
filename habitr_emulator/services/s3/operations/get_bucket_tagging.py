"""GetBucketTagging: a bucket's tags.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketTagging.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, tagging
from habitr_emulator.services.s3.setting_errors import NoSuchTagSet


@operation(
    auth=Auth.POLICY,
    action="s3:GetBucketTagging",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def get_bucket_tagging(request: Input, ctx: Context) -> Output:
    """GetBucketTagging."""
    buckets.require(ctx, request)
    found = buckets.setting(ctx.account, request["Bucket"], "tagging")
    if found is None:
        raise NoSuchTagSet(BucketName=request["Bucket"])
    return {"TagSet": tagging.to_set(found)}
