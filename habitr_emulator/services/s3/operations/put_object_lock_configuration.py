"""PutObjectLockConfiguration: let a bucket's objects be locked, and by which default.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLockConfiguration.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, locks
from habitr_emulator.services.s3.setting_errors import InvalidBucketState


@operation(
    auth=Auth.POLICY,
    action="s3:PutBucketObjectLockConfiguration",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def put_object_lock_configuration(request: Input, ctx: Context) -> Output:
    """PutObjectLockConfiguration."""
    buckets.require(ctx, request)
    document = locks.checked_default(request.get("ObjectLockConfiguration") or {})
    if buckets.versioning(ctx.account, request["Bucket"]) != "Enabled":
        raise InvalidBucketState("Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration")
    await buckets.set_setting(ctx, request["Bucket"], "object-lock", document)
    return {}
