"""GetBucketAcl: who may do what with a bucket.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAcl.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import acl, authorization, buckets, public_access


@operation(
    auth=Auth.POLICY,
    action="s3:GetBucketAcl",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def get_bucket_acl(request: Input, ctx: Context) -> Output:
    """GetBucketAcl."""
    document = buckets.own_setting(ctx, request, "acl")
    counts = document is not None and public_access.acls_count(ctx, request["Bucket"])
    return acl.shown(ctx, document["Grants"] if document is not None and counts else None)
