"""PutBucketPolicy: a policy for a bucket; an answer without a body.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, bucket_policy, buckets, public_access
from habitr_emulator.services.s3.errors import AccessDenied


@operation(
    auth=Auth.POLICY,
    action="s3:PutBucketPolicy",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def put_bucket_policy(request: Input, ctx: Context) -> Output:
    """PutBucketPolicy."""
    buckets.require(ctx, request)
    document = bucket_policy.read(request["Policy"], request["Bucket"])
    blocked = public_access.blocks(ctx, request["Bucket"], "BlockPublicPolicy")
    if blocked and public_access.is_public(document):
        raise AccessDenied(why="public access is blocked: BlockPublicPolicy is on for the bucket")
    await buckets.set_setting(ctx, request["Bucket"], "policy", document)
    ctx.response_status = 204
    return {}
