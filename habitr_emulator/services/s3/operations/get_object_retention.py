"""GetObjectRetention: until when an object is locked.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectRetention.html
"""

import json

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, locks, objects
from habitr_emulator.services.s3.setting_errors import NoSuchObjectLockConfiguration


@operation(
    auth=Auth.POLICY,
    action="s3:GetObjectRetention",
    resources=authorization.object_arn,
    resource_policy=authorization.object_policy,
    conditions=authorization.reading_conditions,
)
async def get_object_retention(request: Input, ctx: Context) -> Output:
    """GetObjectRetention."""
    locks.require_enabled(ctx, request)
    row = objects.require(ctx, request)
    lock = json.loads(row["lock"]) if row["lock"] else {}
    if "Mode" not in lock:
        raise NoSuchObjectLockConfiguration
    return {"Retention": {"Mode": lock["Mode"], "RetainUntilDate": lock["RetainUntilDate"]}}
