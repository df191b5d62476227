"""GetBucketOwnershipControls: whether a bucket has ACLs on.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketOwnershipControls.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets
from habitr_emulator.services.s3.setting_errors import OwnershipControlsNotFoundError


@operation(
    auth=Auth.POLICY,
    action="s3:GetBucketOwnershipControls",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def get_bucket_ownership_controls(request: Input, ctx: Context) -> Output:
    """GetBucketOwnershipControls."""
    document = buckets.own_setting(ctx, request, "ownership")
    if document is None:
        raise OwnershipControlsNotFoundError(BucketName=request["Bucket"])
    return {"OwnershipControls": document}
