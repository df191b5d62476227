"""PutBucketTagging: tags for a bucket.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, tagging


@operation(
    auth=Auth.POLICY,
    action="s3:PutBucketTagging",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def put_bucket_tagging(request: Input, ctx: Context) -> Output:
    """PutBucketTagging."""
    buckets.require(ctx, request)
    tags = tagging.from_set(request["Tagging"]["TagSet"], tagging.BUCKET_TAGS)
    await buckets.set_setting(ctx, request["Bucket"], "tagging", tags)
    ctx.response_status = 204
    return {}
