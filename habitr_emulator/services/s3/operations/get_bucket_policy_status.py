"""GetBucketPolicyStatus: whether a bucket's policy makes it public.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicyStatus.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, public_access
from habitr_emulator.services.s3.setting_errors import NoSuchBucketPolicy


@operation(
    auth=Auth.POLICY,
    action="s3:GetBucketPolicyStatus",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def get_bucket_policy_status(request: Input, ctx: Context) -> Output:
    """GetBucketPolicyStatus."""
    document = buckets.own_setting(ctx, request, "policy")
    if document is None:
        raise NoSuchBucketPolicy(BucketName=request["Bucket"])
    return {"PolicyStatus": {"IsPublic": public_access.is_public(document)}}
