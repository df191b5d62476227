"""GetBucketEncryption: how a bucket's objects are encrypted unless the request says.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, encryption


@operation(
    auth=Auth.POLICY,
    action="s3:GetEncryptionConfiguration",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def get_bucket_encryption(request: Input, ctx: Context) -> Output:
    """GetBucketEncryption."""
    document = buckets.own_setting(ctx, request, "encryption")
    return {"ServerSideEncryptionConfiguration": document or {"Rules": [encryption.DEFAULT_RULE]}}
