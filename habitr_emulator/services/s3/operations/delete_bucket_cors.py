"""DeleteBucketCors: remove a bucket's CORS rules.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketCors.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets


@operation(
    auth=Auth.POLICY,
    action="s3:PutBucketCORS",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def delete_bucket_cors(request: Input, ctx: Context) -> Output:
    """DeleteBucketCors."""
    buckets.require(ctx, request)
    await buckets.unset_setting(ctx, request["Bucket"], "cors")
    return {}
