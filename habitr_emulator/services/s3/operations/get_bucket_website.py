"""GetBucketWebsite: a bucket's website, which none has.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketWebsite.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets
from habitr_emulator.services.s3.setting_errors import NoSuchWebsiteConfiguration


@operation(
    auth=Auth.POLICY,
    action="s3:GetBucketWebsite",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def get_bucket_website(request: Input, ctx: Context) -> Output:
    """GetBucketWebsite."""
    buckets.require(ctx, request)
    raise NoSuchWebsiteConfiguration(BucketName=request["Bucket"])
