"""DeletePublicAccessBlock: block no public access to a bucket.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeletePublicAccessBlock.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets


@operation(
    auth=Auth.POLICY,
    action="s3:PutBucketPublicAccessBlock",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def delete_public_access_block(request: Input, ctx: Context) -> Output:
    """DeletePublicAccessBlock."""
    buckets.require(ctx, request)
    await buckets.unset_setting(ctx, request["Bucket"], "public-access-block")
    return {}
