"""DeleteBucketTagging: remove a bucket's tags.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketTagging.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets


@operation(
    auth=Auth.POLICY,
    action="s3:PutBucketTagging",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def delete_bucket_tagging(request: Input, ctx: Context) -> Output:
    """DeleteBucketTagging."""
    buckets.require(ctx, request)
    await buckets.unset_setting(ctx, request["Bucket"], "tagging")
    return {}
