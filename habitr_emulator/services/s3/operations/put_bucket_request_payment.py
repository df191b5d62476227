"""PutBucketRequestPayment: who shall pay for a bucket's requests.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketRequestPayment.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets


@operation(
    auth=Auth.POLICY,
    action="s3:PutBucketRequestPayment",
    resources=authorization.bucket_arn,
    resource_policy=authorization.bucket_policy,
)
async def put_bucket_request_payment(request: Input, ctx: Context) -> Output:
    """PutBucketRequestPayment."""
    buckets.require(ctx, request)
    payer = request["RequestPaymentConfiguration"]["Payer"]
    await buckets.set_setting(ctx, request["Bucket"], "request-payment", {"Payer": payer})
    return {}
