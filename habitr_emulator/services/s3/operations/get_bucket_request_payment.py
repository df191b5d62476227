"""GetBucketRequestPayment: who pays for a bucket's requests.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketRequestPayment.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets


@operation(
    auth=Auth.POLICY,
    action="s3:GetBucketRequestPayment",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def get_bucket_request_payment(request: Input, ctx: Context) -> Output:
    """GetBucketRequestPayment."""
    document = buckets.own_setting(ctx, request, "request-payment")
    return document or {"Payer": "BucketOwner"}
