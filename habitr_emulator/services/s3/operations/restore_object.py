"""RestoreObject: make an archived object readable for some days.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html
"""

from habitr_emulator.kernel.errors import NotBuilt
from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import archives, authorization, notifications, objects
from habitr_emulator.services.s3.errors import MalformedXML


@operation(
    auth=Auth.POLICY,
    action="s3:RestoreObject",
    resources=authorization.object_arn,
    resource_policy=authorization.object_policy,
    conditions=authorization.reading_conditions,
)
async def restore_object(request: Input, ctx: Context) -> Output:
    """RestoreObject."""
    row = objects.require(ctx, request)
    wanted = request.get("RestoreRequest") or {}
    if wanted.get("Type") or wanted.get("OutputLocation") or wanted.get("SelectParameters"):
        raise NotBuilt("Only plain restores are built in habitr-emulator.", why="not built for S3: SELECT")
    if wanted.get("Days", 0) < 1:
        raise MalformedXML
    ctx.response_status = 202 if await archives.restore(ctx, row, wanted["Days"]) else 200
    notifications.tell_of_change(ctx, "ObjectRestore:Completed", row)
    return {}
