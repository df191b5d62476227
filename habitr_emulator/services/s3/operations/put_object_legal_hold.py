"""PutObjectLegalHold: lock an object without an end, or end that.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLegalHold.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import authorization, locks, objects
from habitr_emulator.services.s3.errors import MalformedXML


@operation(
    auth=Auth.POLICY,
    action="s3:PutObjectLegalHold",
    resources=authorization.object_arn,
    resource_policy=authorization.object_policy,
    conditions=authorization.reading_conditions,
)
async def put_object_legal_hold(request: Input, ctx: Context) -> Output:
    """PutObjectLegalHold."""
    locks.require_enabled(ctx, request)
    row = objects.require(ctx, request)
    status = (request.get("LegalHold") or {}).get("Status")
    if status is None:
        raise MalformedXML
    await locks.set_legal_hold(ctx, row, status)
    return {}
