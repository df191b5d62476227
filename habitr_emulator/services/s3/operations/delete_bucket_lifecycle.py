"""DeleteBucketLifecycle: no lifecycle rules for a bucket.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketLifecycle.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets


@operation(
    auth=Auth.POLICY,
    action="s3:PutLifecycleConfiguration",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def delete_bucket_lifecycle(request: Input, ctx: Context) -> Output:
    """DeleteBucketLifecycle."""
    buckets.require(ctx, request)
    await buckets.unset_setting(ctx, request["Bucket"], "lifecycle")
    return {}
