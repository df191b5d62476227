"""GetBucketCors: a bucket's CORS rules.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets
from habitr_emulator.services.s3.setting_errors import NoSuchCORSConfiguration


@operation(
    auth=Auth.POLICY,
    action="s3:GetBucketCORS",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def get_bucket_cors(request: Input, ctx: Context) -> Output:
    """GetBucketCors."""
    buckets.require(ctx, request)
    found = buckets.setting(ctx.account, request["Bucket"], "cors")
    if found is None:
        raise NoSuchCORSConfiguration(BucketName=request["Bucket"])
    return dict(found)
