"""PutObjectTagging: other tags for an object.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html
"""

import json

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, objects, tagging


@operation(
    auth=Auth.POLICY,
    action="s3:PutObjectTagging",
    resources=authorization.object_arn,
    resource_policy=authorization.bucket_policy,
    conditions=authorization.reading_conditions,
)
async def put_object_tagging(request: Input, ctx: Context) -> Output:
    """PutObjectTagging."""
    objects.require(ctx, request)
    tags = json.dumps(tagging.from_set(request["Tagging"]["TagSet"]))
    await objects.set_tags(ctx, request["Bucket"], request["Key"], tags)
    return {}
