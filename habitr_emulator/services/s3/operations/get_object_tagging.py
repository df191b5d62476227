"""GetObjectTagging: an object's tags.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html
"""

import json

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, objects, tagging


@operation(
    auth=Auth.POLICY,
    action=authorization.versioned("s3:GetObject{}Tagging"),
    resources=authorization.object_arn,
    resource_policy=authorization.object_policy,
    conditions=authorization.reading_conditions,
)
async def get_object_tagging(request: Input, ctx: Context) -> Output:
    """GetObjectTagging."""
    row = objects.require(ctx, request)
    return {**objects.version_members(ctx, row), "TagSet": tagging.to_set(json.loads(row["tags"]))}
