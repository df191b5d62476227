"""PutObject: store an object.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, storing


@operation(
    auth=Auth.POLICY,
    action="s3:PutObject",
    resources=authorization.object_arn,
    resource_policy=authorization.bucket_policy,
    conditions=authorization.writing_conditions,
)
async def put_object(request: Input, ctx: Context) -> Output:
    """PutObject."""
    return await storing.store(ctx, request, "ObjectCreated:Put")
