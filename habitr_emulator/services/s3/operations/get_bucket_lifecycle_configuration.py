"""GetBucketLifecycleConfiguration: a bucket's lifecycle rules.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets
from habitr_emulator.services.s3.setting_errors import NoSuchLifecycleConfiguration


@operation(
    auth=Auth.POLICY,
    action="s3:GetLifecycleConfiguration",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def get_bucket_lifecycle_configuration(request: Input, ctx: Context) -> Output:
    """GetBucketLifecycleConfiguration."""
    document = buckets.own_setting(ctx, request, "lifecycle")
    if document is None:
        raise NoSuchLifecycleConfiguration(BucketName=request["Bucket"])
    return document
