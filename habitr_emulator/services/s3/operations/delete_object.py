"""DeleteObject: remove an object; also good if it is not there.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, buckets, notifications, writing


@operation(
    auth=Auth.POLICY,
    action=authorization.versioned("s3:DeleteObject"),
    resources=authorization.object_arn,
    resource_policy=authorization.object_policy,
    conditions=authorization.reading_conditions,
)
async def delete_object(request: Input, ctx: Context) -> Output:
    """DeleteObject."""
    buckets.require(ctx, request)
    removed = await writing.delete(ctx, request)
    notifications.tell_of_removed(ctx, request["Bucket"], request["Key"], removed)
    return removed.members
