"""DeleteObjectTagging: remove an object's tags.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, notifications, objects, writing


@operation(
    auth=Auth.POLICY,
    action=authorization.versioned("s3:DeleteObject{}Tagging"),
    resources=authorization.object_arn,
    resource_policy=authorization.object_policy,
    conditions=authorization.reading_conditions,
)
async def delete_object_tagging(request: Input, ctx: Context) -> Output:
    """DeleteObjectTagging."""
    row = objects.require(ctx, request)
    await writing.update(ctx, row, "tags", "{}")
    notifications.tell_of_change(ctx, "ObjectTagging:Delete", row)
    return objects.version_members(ctx, row)
