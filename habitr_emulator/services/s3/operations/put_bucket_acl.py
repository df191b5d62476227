"""PutBucketAcl: another access control list for a bucket.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import acl, authorization, buckets


@operation(
    auth=Auth.POLICY,
    action="s3:PutBucketAcl",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
    conditions=authorization.bucket_conditions,
)
async def put_bucket_acl(request: Input, ctx: Context) -> Output:
    """PutBucketAcl."""
    buckets.require(ctx, request)
    grants = acl.of_request(ctx, request)
    if grants is None:
        await buckets.unset_setting(ctx, request["Bucket"], "acl")
    else:
        await buckets.set_setting(ctx, request["Bucket"], "acl", {"Grants": grants})
    return {}
