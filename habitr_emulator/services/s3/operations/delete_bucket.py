"""DeleteBucket: delete an empty bucket.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets


@operation(
    auth=Auth.POLICY,
    action="s3:DeleteBucket",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def delete_bucket(request: Input, ctx: Context) -> Output:
    """DeleteBucket."""
    buckets.require(ctx, request)
    await buckets.delete(ctx, request["Bucket"])
    return {}
