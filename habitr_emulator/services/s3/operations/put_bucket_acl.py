"""PutBucketAcl: buckets have no ACLs, so this is refused.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets
from habitr_emulator.services.s3.errors import AccessControlListNotSupported


@operation(
    auth=Auth.POLICY,
    action="s3:PutBucketAcl",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def put_bucket_acl(request: Input, ctx: Context) -> Output:
    """PutBucketAcl."""
    buckets.require(ctx, request)
    raise AccessControlListNotSupported
