"""DeleteBucketOwnershipControls: let a bucket have ACLs, as before there were ownership controls.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketOwnershipControls.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets


@operation(
    auth=Auth.POLICY,
    action="s3:PutBucketOwnershipControls",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def delete_bucket_ownership_controls(request: Input, ctx: Context) -> Output:
    """DeleteBucketOwnershipControls."""
    buckets.require(ctx, request)
    await buckets.unset_setting(ctx, request["Bucket"], "ownership")
    return {}
