"""GetPublicAccessBlock: what of public access a bucket blocks.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetPublicAccessBlock.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets
from habitr_emulator.services.s3.setting_errors import NoSuchPublicAccessBlockConfiguration


@operation(
    auth=Auth.POLICY,
    action="s3:GetBucketPublicAccessBlock",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def get_public_access_block(request: Input, ctx: Context) -> Output:
    """GetPublicAccessBlock."""
    document = buckets.own_setting(ctx, request, "public-access-block")
    if document is None:
        raise NoSuchPublicAccessBlockConfiguration(BucketName=request["Bucket"])
    return {"PublicAccessBlockConfiguration": document}
