"""HeadBucket: whether a bucket exists and may be listed.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets


@operation(
    auth=Auth.POLICY,
    action="s3:ListBucket",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def head_bucket(request: Input, ctx: Context) -> Output:
    """HeadBucket."""
    row = buckets.require(ctx, request)
    return {"BucketRegion": row["region"], "BucketArn": buckets.arn(row["name"])}
