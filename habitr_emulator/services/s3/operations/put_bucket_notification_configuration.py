"""PutBucketNotificationConfiguration: which functions a bucket shall tell of its events.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, notification_targets


@operation(
    auth=Auth.POLICY,
    action="s3:PutBucketNotification",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def put_bucket_notification_configuration(request: Input, ctx: Context) -> Output:
    """PutBucketNotificationConfiguration."""
    buckets.require(ctx, request)
    document = await notification_targets.checked(ctx, request)
    await buckets.set_setting(ctx, request["Bucket"], "notification", document)
    return {}
