"""GetObjectAcl: who may do what with an object: its owner everything.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAcl.html
"""

from habitr_emulator.services.context import Context
from habitr_emulator.services.registry import Auth, Input, Output, operation
from habitr_emulator.services.s3 import acl, authorization, objects


@operation(
    auth=Auth.POLICY,
    action="s3:GetObjectAcl",
    resources=authorization.object_arn,
    resource_policy=authorization.bucket_policy,
    conditions=authorization.reading_conditions,
)
async def get_object_acl(request: Input, ctx: Context) -> Output:
    """GetObjectAcl."""
    objects.require(ctx, request)
    return acl.owners(ctx)
