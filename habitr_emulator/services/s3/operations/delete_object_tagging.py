"""DeleteObjectTagging: remove an object's tags.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, objects


@operation(
    auth=Auth.POLICY,
    action="s3:DeleteObjectTagging",
    resources=authorization.object_arn,
    resource_policy=authorization.bucket_policy,
    conditions=authorization.reading_conditions,
)
async def delete_object_tagging(request: Input, ctx: Context) -> Output:
    """DeleteObjectTagging."""
    objects.require(ctx, request)
    await objects.set_tags(ctx, request["Bucket"], request["Key"], "{}")
    return {}
