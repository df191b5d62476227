"""GetBucketLogging: where a bucket's requests are logged: nowhere.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLogging.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets


@operation(
    auth=Auth.POLICY,
    action="s3:GetBucketLogging",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def get_bucket_logging(request: Input, ctx: Context) -> Output:
    """GetBucketLogging."""
    buckets.require(ctx, request)
    return {}
