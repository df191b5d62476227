"""PutObjectTagging: other tags for an object.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html
"""

import json

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, notifications, objects, tagging, writing


@operation(
    auth=Auth.POLICY,
    action=authorization.versioned("s3:PutObject{}Tagging"),
    resources=authorization.object_arn,
    resource_policy=authorization.object_policy,
    conditions=authorization.tagging_conditions,
)
async def put_object_tagging(request: Input, ctx: Context) -> Output:
    """PutObjectTagging."""
    row = objects.require(ctx, request)
    tags = json.dumps(tagging.from_set(request["Tagging"]["TagSet"]))
    await writing.update(ctx, row, "tags", tags)
    notifications.tell_of_change(ctx, "ObjectTagging:Put", row)
    return objects.version_members(ctx, row)
