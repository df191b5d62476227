"""PutBucketLifecycleConfiguration: rules by which a bucket's objects expire or move.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, lifecycle_rules


@operation(
    auth=Auth.POLICY,
    action="s3:PutLifecycleConfiguration",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def put_bucket_lifecycle_configuration(request: Input, ctx: Context) -> Output:
    """PutBucketLifecycleConfiguration."""
    buckets.require(ctx, request)
    listed = (request.get("LifecycleConfiguration") or {}).get("Rules") or ()
    rules = lifecycle_rules.checked(listed, ctx.ids.uuid)
    least = request.get("TransitionDefaultMinimumObjectSize") or "all_storage_classes_128K"
    document = {"Rules": rules, "TransitionDefaultMinimumObjectSize": least}
    await buckets.set_setting(ctx, request["Bucket"], "lifecycle", document)
    return {"TransitionDefaultMinimumObjectSize": least}
