"""PutObjectRetention: lock an object until a time, or lift its lock.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, locks, objects
from habitr_emulator.services.s3.errors import MalformedXML


@operation(
    auth=Auth.POLICY,
    action="s3:PutObjectRetention",
    resources=authorization.object_arn,
    resource_policy=authorization.object_policy,
    conditions=authorization.reading_conditions,
)
async def put_object_retention(request: Input, ctx: Context) -> Output:
    """PutObjectRetention."""
    locks.require_enabled(ctx, request)
    row = objects.require(ctx, request)
    retention = request.get("Retention")
    if retention is None or len(retention) == 1:
        raise MalformedXML
    if retention:
        locks.check_mode(retention["Mode"])
        locks.check_until(ctx, retention["RetainUntilDate"])
    bypass = locks.may_bypass(ctx, request)
    await locks.set_retention(ctx, row, retention, bypass=bypass)
    return {}
