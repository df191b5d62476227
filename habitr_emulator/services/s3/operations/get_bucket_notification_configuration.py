"""GetBucketNotificationConfiguration: which functions a bucket tells of its events.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketNotificationConfiguration.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets


@operation(
    auth=Auth.POLICY,
    action="s3:GetBucketNotification",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def get_bucket_notification_configuration(request: Input, ctx: Context) -> Output:
    """GetBucketNotificationConfiguration."""
    return dict(buckets.own_setting(ctx, request, "notification") or {})
