"""PutPublicAccessBlock: block or allow public access to a bucket.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html
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
async def put_public_access_block(request: Input, ctx: Context) -> Output:
    """PutPublicAccessBlock."""
    buckets.require(ctx, request)
    given = request["PublicAccessBlockConfiguration"]
    document = {name: bool(given.get(name)) for name in buckets.PUBLIC_ACCESS_BLOCK}
    await buckets.set_setting(ctx, request["Bucket"], "public-access-block", document)
    return {}
