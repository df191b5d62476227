"""GetBucketVersioning: whether a bucket keeps versions of its objects.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets


@operation(
    auth=Auth.POLICY,
    action="s3:GetBucketVersioning",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def get_bucket_versioning(request: Input, ctx: Context) -> Output:
    """GetBucketVersioning."""
    return dict(buckets.own_setting(ctx, request, "versioning") or {})
