"""GetBucketLocation: the region of a bucket; us-east-1 has no name.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets


@operation(
    auth=Auth.POLICY,
    action="s3:GetBucketLocation",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def get_bucket_location(request: Input, ctx: Context) -> Output:
    """GetBucketLocation."""
    region = buckets.require(ctx, request)["region"]
    return {} if region == "us-east-1" else {"LocationConstraint": region}
