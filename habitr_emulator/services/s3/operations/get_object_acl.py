"""GetObjectAcl: who may do what with an object.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAcl.html
"""

import json

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import acl, authorization, objects, public_access


@operation(
    auth=Auth.POLICY,
    action=authorization.versioned("s3:GetObject{}Acl"),
    resources=authorization.object_arn,
    resource_policy=authorization.object_policy,
    conditions=authorization.reading_conditions,
)
async def get_object_acl(request: Input, ctx: Context) -> Output:
    """GetObjectAcl."""
    row = objects.require(ctx, request)
    grants = json.loads(row["acl"]) if row["acl"] and public_access.acls_count(ctx, request["Bucket"]) else None
    return acl.shown(ctx, grants)
