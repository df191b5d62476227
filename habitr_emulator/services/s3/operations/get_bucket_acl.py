"""GetBucketAcl: who may do what with a bucket: its owner everything.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAcl.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import acl, authorization, buckets


@operation(
    auth=Auth.POLICY,
    action="s3:GetBucketAcl",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def get_bucket_acl(request: Input, ctx: Context) -> Output:
    """GetBucketAcl."""
    buckets.require(ctx, request)
    return acl.owners(ctx)
