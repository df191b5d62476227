"""GetObjectLegalHold: whether a legal hold locks an object.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLegalHold.html
"""

import json

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, locks, objects
from habitr_emulator.services.s3.setting_errors import NoSuchObjectLockConfiguration


@operation(
    auth=Auth.POLICY,
    action="s3:GetObjectLegalHold",
    resources=authorization.object_arn,
    resource_policy=authorization.object_policy,
    conditions=authorization.reading_conditions,
)
async def get_object_legal_hold(request: Input, ctx: Context) -> Output:
    """GetObjectLegalHold."""
    locks.require_enabled(ctx, request)
    row = objects.require(ctx, request)
    lock = json.loads(row["lock"]) if row["lock"] else {}
    if "LegalHold" not in lock:
        raise NoSuchObjectLockConfiguration
    return {"LegalHold": {"Status": lock["LegalHold"]}}
