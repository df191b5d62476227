"""GetBucketAccelerateConfiguration: whether a bucket is accelerated: never.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAccelerateConfiguration.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets


@operation(
    auth=Auth.POLICY,
    action="s3:GetAccelerateConfiguration",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def get_bucket_accelerate_configuration(request: Input, ctx: Context) -> Output:
    """GetBucketAccelerateConfiguration."""
    buckets.require(ctx, request)
    return {}
