"""DeleteBucketPolicy: remove a bucket's policy.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets


@operation(
    auth=Auth.POLICY,
    action="s3:DeleteBucketPolicy",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def delete_bucket_policy(request: Input, ctx: Context) -> Output:
    """DeleteBucketPolicy."""
    buckets.require(ctx, request)
    await buckets.unset_setting(ctx, request["Bucket"], "policy")
    return {}
