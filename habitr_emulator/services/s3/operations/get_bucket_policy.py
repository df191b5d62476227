"""GetBucketPolicy: a bucket's policy, as JSON text.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html
"""

import json

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets
from habitr_emulator.services.s3.setting_errors import NoSuchBucketPolicy


@operation(
    auth=Auth.POLICY,
    action="s3:GetBucketPolicy",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def get_bucket_policy(request: Input, ctx: Context) -> Output:
    """GetBucketPolicy."""
    buckets.require(ctx, request)
    found = buckets.setting(ctx.account, request["Bucket"], "policy")
    if found is None:
        raise NoSuchBucketPolicy(BucketName=request["Bucket"])
    return {"Policy": json.dumps(found)}
