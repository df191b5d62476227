"""PutObjectAcl: another access control list for an object.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html
"""

import json

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import acl, authorization, notifications, objects, writing


@operation(
    auth=Auth.POLICY,
    action=authorization.versioned("s3:PutObject{}Acl"),
    resources=authorization.object_arn,
    resource_policy=authorization.object_policy,
    conditions=authorization.acl_conditions,
)
async def put_object_acl(request: Input, ctx: Context) -> Output:
    """PutObjectAcl."""
    row = objects.require(ctx, request)
    grants = acl.of_request(ctx, request)
    await writing.update(ctx, row, "acl", json.dumps(grants) if grants else None)
    notifications.tell_of_change(ctx, "ObjectAcl:Put", row)
    return {}
