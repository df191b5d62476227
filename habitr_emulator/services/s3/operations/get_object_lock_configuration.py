"""GetObjectLockConfiguration: whether and how a bucket's objects are locked.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLockConfiguration.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets
from habitr_emulator.services.s3.setting_errors import ObjectLockConfigurationNotFoundError


@operation(
    auth=Auth.POLICY,
    action="s3:GetBucketObjectLockConfiguration",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def get_object_lock_configuration(request: Input, ctx: Context) -> Output:
    """GetObjectLockConfiguration."""
    document = buckets.own_setting(ctx, request, "object-lock")
    if document is None:
        raise ObjectLockConfigurationNotFoundError(BucketName=request["Bucket"])
    return {"ObjectLockConfiguration": document}
