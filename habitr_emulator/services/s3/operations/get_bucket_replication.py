"""GetBucketReplication: a bucket's replication, which none has.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketReplication.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets
from habitr_emulator.services.s3.setting_errors import ReplicationConfigurationNotFoundError


@operation(
    auth=Auth.POLICY,
    action="s3:GetReplicationConfiguration",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def get_bucket_replication(request: Input, ctx: Context) -> Output:
    """GetBucketReplication."""
    buckets.require(ctx, request)
    raise ReplicationConfigurationNotFoundError
